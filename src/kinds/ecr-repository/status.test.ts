import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Observation } from '../../core/plan.ts'
import type { ResourceReport } from '../../reconciler/kind.ts'
import type { ObservedRepository, RepositoryOutput } from '../../resources/ecr-repository/state.ts'
import { ecrRepositoryKind } from './index.ts'
import { EcrRepositoryStatus } from './schema.ts'
import { reportEcrRepository } from './status.ts'

type Report = ResourceReport<ObservedRepository, RepositoryOutput>

const repository: ObservedRepository = {
  repositoryName: 'demo/hello',
  arn: 'the arn',
  uri: 'the url',
  registryId: '123456789012',
  createdAt: '2026-01-01T00:00:00.000Z',
  imageTagMutability: 'MUTABLE',
  exclusionFilters: [],
  scanOnPush: false,
  encryption: { encryptionType: 'AES256' },
  tags: {},
  lifecyclePolicyText: undefined,
  policyText: undefined,
  hasImages: undefined,
}
const whole: EcrRepositoryStatus = {
  repositoryName: 'demo/hello',
  arn: 'the arn',
  url: 'the url',
  registryId: '123456789012',
  createdAt: '2026-01-01T00:00:00.000Z',
}
const nothing = {
  repositoryName: undefined,
  arn: undefined,
  url: undefined,
  registryId: undefined,
  createdAt: undefined,
  imageCount: undefined,
  latestImage: undefined,
  latestScan: undefined,
}
const contents: EcrRepositoryStatus = {
  imageCount: 2,
  latestImage: { imageDigest: 'sha256:b', imageTags: ['v2'] },
  latestScan: { imageDigest: 'sha256:a', imageTags: [], status: 'COMPLETE', findingSeverityCounts: { HIGH: 1 } },
}
const then = { imageDigest: 'sha256:c', imagePushedAt: 'then' }
const summary = {
  count: 9,
  latest: { ...then, imageTags: ['1', '2', '3', '4', '5', '6'] },
  latestScan: { ...then, imageTags: [], status: 'COMPLETE', completedAt: 'later', findingSeverityCounts: { LOW: 3 } },
}
const noContents = { imageCount: undefined, latestImage: undefined, latestScan: undefined }
const unknown: Observation<never> = { type: 'unknown', code: 'denied', message: 'no' }
const known = (...items: readonly ObservedRepository[]): Observation<ObservedRepository> => ({ type: 'known', items })

for (const { fact, observation, outputs, expected } of [
  {
    fact: 'what was seen is reported, and images that were not looked at stay as they were',
    observation: known(repository),
    outputs: {},
    expected: { ...whole, ...contents },
  },
  {
    fact: 'the images of a repository that somebody made anew are not those of the old one',
    observation: known({ ...repository, createdAt: '2026-02-02T00:00:00.000Z' }),
    outputs: {},
    expected: { ...whole, createdAt: '2026-02-02T00:00:00.000Z', ...noContents },
  },
  {
    fact: 'images that were looked at are reported, with five tags at most',
    observation: known({ ...repository, createdAt: undefined, images: summary }),
    outputs: {},
    expected: {
      ...whole,
      createdAt: undefined,
      imageCount: 9,
      latestImage: { imageDigest: 'sha256:c', imageTags: ['1', '2', '3', '4', '5'], imagePushedAt: 'then' },
      latestScan: {
        imageDigest: 'sha256:c',
        imageTags: [],
        status: 'COMPLETE',
        imageScanCompletedAt: 'later',
        findingSeverityCounts: { LOW: 3 },
      },
    },
  },
  {
    fact: 'what could not be seen stays',
    observation: unknown,
    outputs: {},
    expected: { ...whole, ...contents },
  },
  {
    fact: 'what was just created is reported by its outputs',
    observation: known(),
    outputs: { arn: 'new arn', url: 'new url' },
    expected: { ...nothing, arn: 'new arn', url: 'new url' },
  },
  { fact: 'what is gone is gone from the status', observation: known(), outputs: {}, expected: nothing },
]) {
  test(fact, () => {
    const report = (): Report => ({ observation, outputs, plan: undefined })

    const { fields } = reportEcrRepository({ previous: { ...whole, ...contents }, report: report as never })

    assert.deepEqual(fields, expected)
  })
}

test('a pass that did not reach the repository keeps the status', () => {
  const previous = { ...whole, ...contents }

  assert.deepEqual(reportEcrRepository({ previous, report: () => undefined }).fields, previous)
})

test('others can use the ARN and the URL once they exist', () => {
  assert.deepEqual(ecrRepositoryKind.provides(whole), { arn: 'the arn', url: 'the url' })
  assert.deepEqual(ecrRepositoryKind.provides({}), {})
})

test('images are deleted only on request', () => {
  assert.equal(ecrRepositoryKind.forceDelete?.({}), false)
  assert.equal(ecrRepositoryKind.forceDelete?.({ forceDelete: true }), true)
})
