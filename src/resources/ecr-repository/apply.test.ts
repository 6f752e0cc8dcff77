import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answers, createAnsweringAws } from '../../../test/support/answering-aws.ts'
import { applyRepositoryStep } from './apply.ts'
import type { RepositoryStep } from './state.ts'

const live = new AbortController().signal
const owner = { installationId: 'i', namespace: 'demo', kind: 'EcrRepository', name: 'hello' }
const id = { owner, name: 'repository', key: 'a' }
const repository = { repositoryName: 'a', repositoryArn: 'arn:a', repositoryUri: 'uri:a', registryId: '1' }
const summary = 'in the tests'
const change = { effect: 'change', summary } as const

interface Row {
  readonly step: RepositoryStep
  readonly operation: string
  readonly outputs?: object
}

const rows: readonly Row[] = [
  {
    step: { type: 'create', effect: 'create', summary, repository: { repositoryName: 'a', tags: {} } },
    operation: 'CreateRepository',
    outputs: { arn: 'arn:a', url: 'uri:a' },
  },
  {
    step: {
      ...change,
      type: 'set-tag-mutability',
      mutability: { imageTagMutability: 'MUTABLE', exclusionFilters: [] },
    },
    operation: 'PutImageTagMutability',
  },
  { step: { ...change, type: 'set-scan-on-push', scanOnPush: true }, operation: 'PutImageScanningConfiguration' },
  { step: { ...change, type: 'put-lifecycle-policy', text: '{}' }, operation: 'PutLifecyclePolicy' },
  { step: { ...change, type: 'delete-lifecycle-policy' }, operation: 'DeleteLifecyclePolicy' },
  { step: { ...change, type: 'set-policy', text: '{}' }, operation: 'SetRepositoryPolicy' },
  { step: { ...change, type: 'delete-policy' }, operation: 'DeleteRepositoryPolicy' },
  { step: { ...change, type: 'tag', arn: 'arn:a', tags: { team: 'blue' } }, operation: 'TagResource' },
  { step: { ...change, type: 'untag', arn: 'arn:a', keys: ['team'] }, operation: 'UntagResource' },
  { step: { type: 'delete', effect: 'delete', summary, force: true }, operation: 'DeleteRepository' },
]

for (const { step, operation, outputs = {} } of rows) {
  test(`${step.type} is one ${operation} and nothing else`, async () => {
    const answers: Answers = { [operation]: () => (operation === 'CreateRepository' ? { repository } : {}) }
    const { run, sent } = createAnsweringAws(answers)

    const answer = await run((aws) =>
      applyRepositoryStep(step, id, { accountId: '1', region: 'r', partition: 'aws', aws }, live),
    )

    assert.deepEqual(
      sent.map((call) => call.operation),
      [operation],
    )
    assert.deepEqual(answer, outputs)
  })
}
