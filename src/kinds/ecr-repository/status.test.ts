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
}
const unknown: Observation<never> = { type: 'unknown', code: 'denied', message: 'no' }
const known = (...items: readonly ObservedRepository[]): Observation<ObservedRepository> => ({ type: 'known', items })

for (const { fact, observation, outputs, expected } of [
  { fact: 'what was seen is reported', observation: known(repository), outputs: {}, expected: whole },
  { fact: 'what could not be seen stays', observation: unknown, outputs: {}, expected: whole },
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

    const { fields } = reportEcrRepository({ previous: whole, report: report as never })

    assert.deepEqual(fields, expected)
    assert.ok(EcrRepositoryStatus.safeParse(fields).success)
  })
}

test('a pass that did not reach the repository keeps the status', () => {
  assert.deepEqual(reportEcrRepository({ previous: whole, report: () => undefined }).fields, whole)
})

test('others can use the ARN and the URL once they exist', () => {
  assert.deepEqual(ecrRepositoryKind.provides(whole), { arn: 'the arn', url: 'the url' })
  assert.deepEqual(ecrRepositoryKind.provides({}), {})
})

test('images are deleted only on request', () => {
  assert.equal(ecrRepositoryKind.forceDelete?.({}), false)
  assert.equal(ecrRepositoryKind.forceDelete?.({ forceDelete: true }), true)
})
