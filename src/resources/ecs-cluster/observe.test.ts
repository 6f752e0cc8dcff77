import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answers, answerError, createAnsweringAws } from '../../../test/support/answering-aws.ts'
import type { AwsSession } from '../../aws/session.ts'
import { failureCodeFrom } from '../../core/failure.ts'
import { ownershipTags, type Tags } from '../../core/owner.ts'
import { applyClusterStep } from './apply.ts'
import { findOwnedClusters, observeCluster } from './observe.ts'
import type { ClusterStep } from './state.ts'

const live = new AbortController().signal
const owner = { installationId: 'i', namespace: 'demo', kind: 'EcsCluster', name: 'web' }
const ours = ownershipTags(owner)
const place = { accountId: '1', region: 'r', partition: 'aws' }
const id = (key: string) => ({ owner, name: 'cluster', key })

function wire(clusterName: string, tags: Tags, status = 'ACTIVE'): object {
  const list = Object.entries(tags).map(([key, value]) => ({ key, value }))
  return { clusterName, clusterArn: `arn:aws:ecs:r:1:cluster/${clusterName}`, status, tags: list }
}

/** As the engine has it: what cannot be looked at is unknown. */
function unknown(error: unknown) {
  return { type: 'unknown', code: failureCodeFrom(error) } as const
}

async function observe(answers: Answers, ...keys: readonly string[]) {
  const { run } = createAnsweringAws(answers)
  const look = (key: string, aws: AwsSession) => observeCluster(id(key), { ...place, aws }, live).catch(unknown)
  return run((aws) => Promise.all(keys.map((key) => look(key, aws))))
}

test('a cluster of ours is known, one that ECS does not know is known to be absent', async () => {
  const [a, gone] = await observe({ DescribeClusters: () => ({ clusters: [wire('a', ours)] }) }, 'a', 'gone')

  assert.equal(a?.type === 'known' && a.items[0]?.clusterName, 'a')
  assert.deepEqual(gone, { type: 'known', items: [] })
})

test('a deleted cluster counts as absent, whosever it was', async () => {
  const clusters = [wire('a', ours, 'INACTIVE'), wire('b', {}, 'INACTIVE')]

  assert.deepEqual(await observe({ DescribeClusters: () => ({ clusters }) }, 'a', 'b'), [
    { type: 'known', items: [] },
    { type: 'known', items: [] },
  ])
})

test('a cluster of somebody else is foreign and named as such', async () => {
  const other = { ...ours, 'longshore.dev/name': 'other' }
  const clusters = [wire('a', {}), wire('b', other)]

  const all = await observe({ DescribeClusters: () => ({ clusters }) }, 'a', 'b')

  const items = all.map((seen) => seen.type === 'foreign' && seen.items?.map(({ clusterName }) => clusterName))
  assert.deepEqual(items, [['a'], undefined], 'only what nobody owns can be taken over')
  const messages = all.map((seen) => seen.type === 'foreign' && seen.message)
  assert.deepEqual(messages, [
    'ECS cluster a exists and belongs to somebody else (it carries no tags of ours)',
    'ECS cluster b exists and belongs to EcsCluster demo/other of installation i',
  ])
})

test('clusters are unknown while they may not be read', async () => {
  const seen = await observe({ DescribeClusters: () => answerError('AccessDeniedException') }, 'a', 'b')

  assert.deepEqual(
    seen.map((each) => each.type === 'unknown' && each.code),
    ['denied', 'denied'],
  )
})

test('what is ours is found by its tags alone, unless it is deleted', async () => {
  const clusters = [wire('a', ours), wire('b', {}), wire('c', ours, 'INACTIVE')]
  const { run } = createAnsweringAws({
    ListClusters: () => ({ clusterArns: ['arn:aws:ecs:r:1:cluster/a'] }),
    DescribeClusters: () => ({ clusters }),
  })

  assert.deepEqual(await run((aws) => findOwnedClusters(owner, { ...place, aws }, live)), ['a'])
})

const change = { effect: 'change', summary: 'in the tests' } as const
const steps: readonly { readonly step: ClusterStep; readonly operation: string; readonly outputs?: object }[] = [
  {
    step: { type: 'create', effect: 'create', summary: 'in the tests', cluster: { clusterName: 'a', tags: {} } },
    operation: 'CreateCluster',
    outputs: { arn: 'arn:aws:ecs:r:1:cluster/a', name: 'a' },
  },
  { step: { ...change, type: 'update', change: { containerInsights: 'enabled' } }, operation: 'UpdateCluster' },
  {
    step: { ...change, type: 'put-capacity', capacity: { capacityProviders: [], defaultCapacityProviderStrategy: [] } },
    operation: 'PutClusterCapacityProviders',
  },
  { step: { ...change, type: 'tag', arn: 'arn', tags: { team: 'blue' } }, operation: 'TagResource' },
  { step: { ...change, type: 'untag', arn: 'arn', keys: ['team'] }, operation: 'UntagResource' },
  { step: { type: 'delete', effect: 'delete', summary: 'in the tests' }, operation: 'DeleteCluster' },
]

for (const { step, operation, outputs = {} } of steps) {
  test(`${step.type} is one ${operation} and nothing else`, async () => {
    const { run, sent } = createAnsweringAws({ [operation]: () => ({ cluster: wire('a', {}) }) })

    const answer = await run((aws) => applyClusterStep(step, id('a'), { ...place, aws }, live))

    assert.deepEqual(
      sent.map((call) => call.operation),
      [operation],
    )
    assert.deepEqual(answer, outputs)
  })
}
