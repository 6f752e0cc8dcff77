import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createControllers } from '../../src/app/controllers.ts'
import { kinds } from '../../src/app/kinds.ts'
import { createOwnScope } from '../../src/app/scope.ts'
import { createPace } from '../../src/aws/pace.ts'
import { createSession } from '../../src/aws/session.ts'
import { connectFromKubeconfig } from '../../src/kube/kubeconfig.ts'
import { createCluster } from '../../src/kube/real-cluster.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { readyOf } from './explorer/view.ts'
import { DEFAULT_ACCOUNT_ID } from '../../src/simulator/account.ts'
import { SERVICES } from '../../src/simulator/services/index.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { connectAdmin } from '../support/admin.ts'
import { TEST_REGION } from '../support/aws.ts'
import { writeOperatorKubeconfig } from '../support/chart-roles.ts'
import { joinCluster } from '../support/control-plane.ts'
import { createDirectCouriers } from '../support/direct-couriers.ts'
import { createFastClock } from '../support/fast-clock.ts'
import { createFixedRandom } from '../support/fixed-random.ts'
import { createLogRecorder, createMetricsRecorder } from '../support/recorders.ts'
import { until } from '../support/until.ts'
import { startFaultProxy } from './proxy/fault-proxy.ts'

// The operator's controllers between a real API server and simulated AWS, at twenty times the speed: a write that vanishes is
// given up after half a minute, which takes a second and a half here.
const SPEED = 20
const GIVEN_UP_SECONDS = 30

const cluster = await joinCluster(import.meta.url)
const { namespace } = cluster
const folder = await mkdtemp(join(tmpdir(), 'longshore-vanished-write-'))
after(() => rm(folder, { recursive: true }))
await writeOperatorKubeconfig(cluster, join(folder, 'kubeconfig'))
const proxy = await startFaultProxy(join(folder, 'kubeconfig'))
const admin = await connectAdmin(cluster.kubeconfigPath, namespace)

async function startOperator() {
  const clock = createFastClock(SPEED)
  const metrics = createMetricsRecorder()
  const { log, entries } = createLogRecorder()
  const common = { clock, metrics, log, random: createFixedRandom(0.5) }
  const virtual = { now: () => clock.now(), after: (seconds: number, run: () => void) => clock.schedule(seconds, run) }
  const simulator = createSimulator({ services: SERVICES, clock: virtual })
  const accessKeyId = `AKIA${DEFAULT_ACCOUNT_ID}TEST`
  const couriers = createDirectCouriers(simulator, { accessKeyId, region: TEST_REGION })
  const pace = createPace({ clock, metrics, share: 1 })
  const session = createSession({ region: TEST_REGION, clock, metrics, pace, couriers })
  const connection = await connectFromKubeconfig({ paths: [proxy.kubeconfigPath] }, clock)
  const transport = await createTransport({ connection, userAgent: 'test', ...common })
  const around = {
    ...common,
    cluster: createCluster(transport),
    scopeFor: createOwnScope(session, TEST_REGION),
    pace,
    events: { record: () => undefined },
    mayWrite: () => true,
  }
  const { informers, controllers } = createControllers(kinds, around, {
    installationId: namespace,
    settleSeconds: 15,
    drift: 'Repair',
    blinkSeconds: 0.3,
    driftSeconds: undefined,
    namespaces: [namespace],
    workers: 4,
  })
  const stop = new AbortController()
  const watches = informers.map((informer) => informer.run(stop.signal))
  await Promise.all(informers.map((informer) => informer.synced))
  const work = controllers.map((controller) => controller.run(stop.signal, stop.signal))
  return {
    simulator,
    now: () => clock.now(),
    isReady: (key: string) =>
      informers.flatMap(({ store }) => store.get(key) ?? []).some((object) => readyOf(object)?.status === 'True'),
    errors: () => entries.filter(({ level }) => level === 'error'),
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await Promise.all([...watches, ...work])
      await transport.close()
    },
  }
}

test('an object whose status vanished on its way is Ready all the same, once the write is given up', async () => {
  const vanishing = proxy.inject({ method: 'PATCH', ends: 'vanishing/status', count: 1, effect: { type: 'half-open' } })
  await using operator = await startOperator()
  const begunAt = operator.now()
  await admin.create('vanishing')

  await until(() => operator.isReady(`${namespace}/vanishing`), 'the object to be Ready')

  assert.equal(vanishing.hits(), 1)
  assert.ok(operator.now() - begunAt >= GIVEN_UP_SECONDS * 1000, 'an answer may take half a minute')
  assert.equal(operator.simulator.log.calls({ operation: 'CreateRepository' }).length, 1)
  assert.deepEqual(operator.errors(), [])
})
