import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { ownershipTags } from '../../core/owner.ts'
import { composeEcrRepository } from './compose.ts'
import { EcrRepositorySpec } from './schema.ts'

const owner = { installationId: 'i', namespace: 'demo', kind: 'EcrRepository', name: 'hello' }

function desiredFrom(spec: EcrRepositorySpec) {
  const [repository] = composeEcrRepository({ owner, spec })
  return repository?.desired
}

const bare = {
  repositoryName: 'demo/hello',
  tags: { owner: ownershipTags(owner), wanted: undefined },
  mutability: undefined,
  scanOnPush: undefined,
  encryption: undefined,
  lifecyclePolicy: undefined,
  policy: undefined,
}
const rule = (rulePriority: number) => ({
  rulePriority,
  selection: { tagStatus: 'untagged' as const, countType: 'imageCountMoreThan' as const, countNumber: 1 },
  action: { type: 'expire' as const },
})
const statement = (sid: string, principal: object, actions: readonly string[]) => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: principal,
  Action: actions.map((action) => `ecr:${action}`),
})
const PULL = ['BatchCheckLayerAvailability', 'BatchGetImage', 'GetDownloadUrlForLayer']
const PUSH = [...PULL, 'CompleteLayerUpload', 'InitiateLayerUpload', 'PutImage', 'UploadLayerPart']
const policyOf = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })

interface Row {
  readonly fact: string
  readonly spec: EcrRepositorySpec
  readonly desired: object
}

const rows: readonly Row[] = [
  { fact: 'an empty spec manages only that it is there and whose it is', spec: {}, desired: {} },
  { fact: 'a name given is the name', spec: { repositoryName: 'team/app' }, desired: { repositoryName: 'team/app' } },
  {
    fact: 'tag mutability comes with its exceptions',
    spec: {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
    },
    desired: { mutability: { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['dev-*'] } },
  },
  {
    fact: 'scanning that is off is not the same as scanning that is not managed',
    spec: { imageScanningConfiguration: { scanOnPush: false } },
    desired: { scanOnPush: false },
  },
  {
    fact: 'encryption passes through',
    spec: { encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/mine' } },
    desired: { encryption: { encryptionType: 'KMS', kmsKey: 'alias/mine' } },
  },
  {
    fact: 'a tag without a value has the empty one',
    spec: { tags: [{ key: 'team', value: 'blue' }, { key: 'app' }] },
    desired: { tags: { owner: ownershipTags(owner), wanted: { team: 'blue', app: '' } } },
  },
  {
    fact: 'an empty list of tags is managed',
    spec: { tags: [] },
    desired: { tags: { owner: ownershipTags(owner), wanted: {} } },
  },
  {
    fact: 'lifecycle rules become the policy, in the order of their priority',
    spec: { lifecyclePolicy: { rules: [rule(2), rule(1)] } },
    desired: {
      lifecyclePolicy: { text: JSON.stringify({ rules: [rule(1), rule(2)] }), field: 'spec.lifecyclePolicy' },
    },
  },
  {
    fact: 'a lifecycle policy without rules is removed',
    spec: { lifecyclePolicy: { rules: [] } },
    desired: { lifecyclePolicy: { text: '', field: 'spec.lifecyclePolicy' } },
  },
  {
    fact: 'a lifecycle policy as text passes through, the empty one included',
    spec: { lifecyclePolicyText: '' },
    desired: { lifecyclePolicy: { text: '', field: 'spec.lifecyclePolicyText' } },
  },
  {
    fact: 'a repository policy passes through, the empty one included',
    spec: { policyText: '' },
    desired: { policy: { text: '', field: 'spec.policyText' } },
  },
  {
    fact: 'who may pull becomes a policy, services apart from the others',
    spec: {
      pullPrincipals: ['lambda.amazonaws.com', '210987654321', 'arn:aws:iam::111111111111:role/ci.amazonaws.com'],
    },
    desired: {
      policy: {
        text: policyOf(
          statement(
            'LongshorePull',
            {
              AWS: ['210987654321', 'arn:aws:iam::111111111111:role/ci.amazonaws.com'],
              Service: ['lambda.amazonaws.com'],
            },
            PULL,
          ),
        ),
        field: 'spec.pullPrincipals',
      },
    },
  },
  {
    fact: 'who may push may pull as well',
    spec: { pullPrincipals: [], pushPrincipals: ['210987654321'] },
    desired: {
      policy: {
        text: policyOf(statement('LongshorePush', { AWS: ['210987654321'] }, PUSH)),
        field: 'spec.pullPrincipals',
      },
    },
  },
  {
    fact: 'a policy for nobody is removed',
    spec: { pullPrincipals: [], pushPrincipals: [] },
    desired: { policy: { text: '', field: 'spec.pullPrincipals' } },
  },
]

describe('an EcrRepository composes one repository', () => {
  for (const { fact, spec, desired } of rows) {
    test(fact, () => assert.deepEqual(desiredFrom(EcrRepositorySpec.parse(spec)), { ...bare, ...desired }))
  }

  test('the same spec gives the same text, whatever the order of the principals', () => {
    const [a, b] = ['210987654321', '123456789012']

    assert.deepEqual(
      desiredFrom({ pullPrincipals: [a ?? '', b ?? ''] }),
      desiredFrom({ pullPrincipals: [b ?? '', a ?? ''] }),
    )
  })
})

test('the example is a valid spec', async () => {
  const text = await readFile(new URL('example.yaml', import.meta.url), 'utf8')

  assert.ok(EcrRepositorySpec.safeParse(parse(text).spec).success)
})
