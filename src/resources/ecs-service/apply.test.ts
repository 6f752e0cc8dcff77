import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerError, createAnsweringAws, type Answers } from '../../../test/support/answering-aws.ts'
import { applyServiceStep } from './apply.ts'
import type { DesiredService } from './desired.ts'

const owner = { installationId: 'i', namespace: 'demo', kind: 'EcsService', name: 'hello' }
const id = { owner, name: 'service', key: 'main/hello' }
const service = {
  cluster: 'main',
  name: 'hello',
  template: { taskDefinition: 'arn:td:1' },
  revisionHash: 'v1-a',
  settings: {},
  desiredCount: 2,
  launchType: 'FARGATE',
  tags: { team: 'blue' },
} as const satisfies DesiredService

const summary = 'in the tests'
const change = { effect: 'change', summary } as const
type Step = Parameters<typeof applyServiceStep>[0]

async function sentFor(step: Step, answers: Answers = { CreateService: () => ({ service: { serviceArn: 'arn:s' } }) }) {
  const others = ['UpdateService', 'DeleteService', 'TagResource', 'UntagResource'].map((name) => [name, () => ({})])
  const { run, sent } = createAnsweringAws({ ...answers, ...Object.fromEntries(others) })
  const scope = { accountId: '1', region: 'r', partition: 'aws' }
  await run((aws) => applyServiceStep(step, id, { ...scope, aws }, new AbortController().signal))
  return sent
}

for (const { step, operation, input } of [
  {
    step: { ...change, type: 'scale', desiredCount: 3 },
    operation: 'UpdateService',
    input: { cluster: 'main', service: 'hello', desiredCount: 3 },
  },
  {
    step: { ...change, type: 'configure', settings: { propagateTags: 'SERVICE' } },
    operation: 'UpdateService',
    input: { cluster: 'main', service: 'hello', propagateTags: 'SERVICE' },
  },
  {
    step: { ...change, type: 'roll-out', template: { taskDefinition: 'arn:td:2' }, isForced: true },
    operation: 'UpdateService',
    input: { cluster: 'main', service: 'hello', taskDefinition: 'arn:td:2', forceNewDeployment: true },
  },
  {
    step: { ...change, type: 'untag', arn: 'arn:s', keys: ['team'] },
    operation: 'UntagResource',
    input: { resourceArn: 'arn:s', tagKeys: ['team'] },
  },
  {
    step: { type: 'delete', effect: 'delete', summary },
    operation: 'DeleteService',
    input: { cluster: 'main', service: 'hello', force: true },
  },
] satisfies readonly { step: Step; operation: string; input: object }[]) {
  test(`${step.type} is one ${operation} that says this and nothing else`, async () => {
    const sent = await sentFor(step)

    assert.deepEqual(
      sent.map((call) => [call.operation, call.input]),
      [[operation, input]],
    )
  })
}

async function tokenOf(changes: Partial<DesiredService> = {}, replaces = ''): Promise<string> {
  const step = { type: 'create', effect: 'create', summary, service: { ...service, ...changes }, replaces } as Step
  const [create] = await sentFor(step)
  return String(create?.input['clientToken'])
}

test('the token of a creation is the same for the same thing, at most 36 characters, and another for anything else', async () => {
  const tokens = await Promise.all([
    tokenOf(),
    tokenOf({ template: { taskDefinition: 'arn:td:2' } }),
    tokenOf({ desiredCount: 3 }),
    tokenOf({ tags: { team: 'red' } }),
    tokenOf({}, '2026-01-01T00:00:00.000Z'),
  ])

  assert.equal(await tokenOf(), tokens[0])
  assert.equal(new Set(tokens).size, tokens.length)
  assert.ok(tokens.every((token) => /^[!-~]{1,36}$/.test(token)))
})

const noCluster = { CreateService: () => answerError('ClusterNotFoundException') }
const creation = (clusterField: DesiredService['clusterField']): Step =>
  ({ type: 'create', effect: 'create', summary, service: { ...service, clusterField }, replaces: '' }) as Step

test('a cluster that the spec names and that does not exist is a mistake in that field', async () => {
  await assert.rejects(sentFor(creation('spec.clusterName'), noCluster), {
    code: 'invalid',
    message: 'spec.clusterName: ECS has no cluster main; create it, or name another one',
  })
})

test('a cluster that a reference names may not show yet', async () => {
  await assert.rejects(sentFor(creation(undefined), noCluster), { code: 'not-found' })
})
