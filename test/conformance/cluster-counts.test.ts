import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ecsServiceKind } from '../../src/kinds/ecs-service/index.ts'
import { statusOf } from '../../src/reconciler/managed.ts'
import { startVirtualOperator, type VirtualOperator } from '../support/virtual-operator.ts'
import { exampleOf } from './world.ts'

const [cluster = assert.fail(), service = assert.fail()] = exampleOf(ecsServiceKind)

/** Longer than a rollout takes, and no longer: the drift period alone would not show the counts in time. */
const ROLLOUT_SECONDS = 240
/** What a person waits before looking again. */
const SOON_SECONDS = 20
const DAY_SECONDS = 24 * 3600

function countsIn(operator: VirtualOperator): readonly unknown[] {
  const status = statusOf(operator.find(cluster) ?? assert.fail())
  return [status['activeServicesCount'], status['runningTasksCount'], status['pendingTasksCount']]
}

test("a cluster's counts follow what happens to its services", async (t) => {
  const operator = await startVirtualOperator({ share: 1 })
  t.after(() => operator.stop())
  operator.apply(cluster)
  operator.apply(service)
  await operator.clock.advance(ROLLOUT_SECONDS)
  assert.deepEqual(countsIn(operator), [1, 1, 0])

  operator.apply({ ...service, spec: { ...Object(service.spec), desiredCount: 3 } })
  await operator.clock.advance(SOON_SECONDS)
  assert.deepEqual(countsIn(operator), [1, 1, 2])
  await operator.clock.advance(ROLLOUT_SECONDS)
  assert.deepEqual(countsIn(operator), [1, 3, 0])

  await operator.remove(service)
  await operator.clock.advance(ROLLOUT_SECONDS)
  assert.deepEqual(countsIn(operator), [0, 0, 0])
})

test('while nothing happens, nobody looks at a cluster because of its services', async () => {
  const looksOf = async (...manifests: readonly (typeof service)[]): Promise<number> => {
    const operator = await startVirtualOperator({ share: 1 })
    for (const manifest of manifests) operator.apply(manifest)
    await operator.clock.advance(2 * ROLLOUT_SECONDS)
    const begun = operator.clock.now()
    await operator.clock.advance(DAY_SECONDS)
    await operator.stop()
    return operator.calls(begun).filter(({ operation }) => operation === 'DescribeClusters').length
  }

  assert.ok((await looksOf(cluster, service)) <= (await looksOf(cluster)) + 1)
})
