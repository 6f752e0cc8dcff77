import * as z from 'zod'
import type { AnyKind } from '../../src/reconciler/kind.ts'
import type { AnyResource } from '../../src/reconciler/resource.ts'
import type { KindSource } from './kind-source.ts'

const spec = z
  .strictObject({
    repositoryName: z
      .string()
      .min(2)
      .max(256)
      .describe('Name in ECR.')
      .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'the name is immutable' }] }),
    imageTagMutability: z.enum(['MUTABLE', 'IMMUTABLE']).optional().describe('Whether tags may move.'),
    tags: z
      .array(
        z.strictObject({
          key: z.string().max(128).describe('Key of the tag.'),
          value: z.string().max(256).optional().describe('Value of the tag.'),
        }),
      )
      .max(46)
      .optional()
      .describe('Tags in AWS.')
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['key'] }),
    count: z.int().min(0).max(9).optional().describe('How many.'),
  })
  .describe('What the repository is to be.')

const resource: AnyResource = {
  type: 'shelf',
  permissions: [
    { action: 'ecr:TagResource', arn: 'arn:*:ecr:*:*:repository/*', why: 'to mark it' },
    { action: 'ecr:CreateRepository', arn: 'arn:*:ecr:*:*:repository/*', why: 'to make it' },
    { action: 'ecr:DescribeRepositories', arn: '*', why: 'to see it' },
  ],
  drifts: [],
  identify: () => '',
  observe: () => Promise.reject(new Error('not observed in these tests')),
  plan: () => ({ steps: [], waits: [], blocks: [], outputs: {}, memo: {} }),
  apply: () => Promise.resolve({}),
  findOwned: () => Promise.resolve([]),
}

const kind: AnyKind = {
  kind: 'EcrShelf',
  presentation: {
    plural: 'ecrshelves',
    singular: 'ecrshelf',
    shortNames: ['shelf'],
    description: 'A shelf for images.',
    printerColumns: [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }],
  },
  schema: { spec, status: z.strictObject({ arn: z.string().optional().describe('Its ARN.') }) },
  resources: [resource],
  driftSeconds: 300,
  closeLookSeconds: 3600,
  immutable: [{ field: 'repositoryName', otherValue: 'other' }],
  compose: () => [],
  status: () => ({ fields: {} }),
  provides: () => ({}),
}

/** A small kind that uses what the generators must handle; for tests. */
export const sampleSource: KindSource = {
  kind,
  folder: 'ecr-shelf',
  example: 'kind: EcrShelf\n',
  coverage: [
    {
      service: 'ecr',
      operation: 'CreateRepository',
      saidAs: { registryId: 'the account' },
      notModelled: { imageScanningConfiguration: 'This sample does not scan.' },
    },
  ],
}
