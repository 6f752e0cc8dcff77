import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KubeObject } from '../../src/kube/cluster.ts'
import { startReplicas } from '../support/replicas.ts'
import type { Conduit } from './proxy/conduit.ts'
import { startFaultProxy } from './proxy/fault-proxy.ts'
import { formOf, type Fault } from './proxy/fault.ts'

// The operator as users run it, and between it and a real API server everything that goes wrong. After each fault what a
// user asked for comes true, no process ended, no bug was logged, and nothing was listed anew that need not be.
const { admin, simulator, start, lease, eventually, kubeconfigPath } = await startReplicas(import.meta.url)
const proxy = await startFaultProxy(kubeconfigPath)
// What Kubernetes 1.33 says as it is shipped, and any later one whose feature gate WatchList is off.
const notStreamed = { type: 'answer', status: 422, reason: 'Invalid' } as const
const refusedStreams = proxy.inject({ form: 'streaming-list', effect: notStreamed })
const operator = await start('operator', proxy.kubeconfigPath)
await operator.leadsSince()

const lists = () =>
  proxy.requests.filter(
    ({ method, path, query }) =>
      method === 'GET' && path.endsWith('/ecrrepositories') && (!query.has('watch') || query.has('sendInitialEvents')),
  ).length
const listsAtFirst = lists()

const repositoryWatch = { ends: 'ecrrepositories', form: 'watch' } as const
const statusWrite = { method: 'PATCH', ends: 'status' } as const
const leaseWrite = { method: 'PUT', ends: 'longshore' } as const

/** Fails with the last words of an operator that has ended. */
async function assertAlive(): Promise<void> {
  if (operator.exitCode() === undefined) return
  const log = await operator.log()
  assert.fail(`the operator ended with ${operator.exitCode()}: ${JSON.stringify(log.slice(-3), undefined, 2)}`)
}

async function convergedAt(name: string, generation: number): Promise<void> {
  await eventually(`${name} to be Ready at generation ${generation}`, async () => {
    await assertAlive()
    return isReadyAt(await admin.read(name), generation)
  })
}

function isReadyAt({ metadata, status }: KubeObject, generation: number): boolean {
  const { observedGeneration, conditions = [] } = (status ?? {}) as {
    observedGeneration?: number
    conditions?: readonly { type: string; status: string }[]
  }
  const isReady = conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True')
  return isReady && observedGeneration === generation && metadata.generation === generation
}

/** The lease is renewed by a request that began after this instant, in milliseconds since the epoch. */
async function renewalAfter(instant: number): Promise<void> {
  await eventually('a renewal of the lease', async () => {
    await assertAlive()
    return Date.parse((await lease()).renewTime) > instant
  })
}

async function assertUnharmed(): Promise<void> {
  await assertAlive()
  assert.equal(lists(), listsAtFirst, 'nothing is listed anew')
  assert.deepEqual(
    (await operator.log()).filter(({ level }) => level === 'error'),
    [],
  )
}

test('stores are filled in pages by a server that streams no lists, which is asked but once for each', () => {
  const plurals = ['ecrrepositories', 'ecsclusters', 'ecsservices']
  const asked = (form: ReturnType<typeof formOf>, plural: string) =>
    proxy.requests.filter((request) => formOf(request) === form && request.path.endsWith(`/${plural}`)).length

  for (const plural of plurals) {
    assert.equal(asked('streaming-list', plural), 1)
    assert.ok(asked('plain', plural) >= 1 && asked('watch', plural) >= 1, plural)
  }
  refusedStreams.end()
})

let serial = 0

function nextName(): string {
  serial += 1
  return `repository-${serial}`
}

/** A new object, and a second generation of it, both through the fault. */
async function seeConverge(name = nextName()): Promise<void> {
  await admin.create(name)
  await convergedAt(name, 1)
  await admin.edit(name, true)
  await convergedAt(name, 2)
}

interface Scenario {
  readonly fact: string
  readonly faults: readonly Fault[]
}

async function seeThrough({ faults }: Scenario, name: string): Promise<void> {
  const injected = faults.map(proxy.inject)

  await seeConverge(name)
  await eventually('all faults to strike', async () =>
    injected.every((fault, index) => fault.hits() === faults[index]?.count),
  )
}

/** Each is about an object of its own, so that none has to wait for another one's pauses. */
describe('what a user asks for comes true', { concurrency: true }, () => {
  const busy = { type: 'answer', status: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 } as const
  for (const { fact, faults } of [
    { fact: 'when nothing is wrong', faults: [] },
    { fact: 'though the API server is too busy for writes', faults: [{ ...statusWrite, count: 2, effect: busy }] },
    {
      fact: 'though the API server fails at writes',
      faults: [{ method: 'PATCH', count: 3, effect: { type: 'answer', status: 500, reason: 'InternalError' } }],
    },
    { fact: 'though writes are cut off', faults: [{ method: 'PATCH', count: 3, effect: { type: 'reset' } }] },
    {
      fact: 'though the answers to writes are lost',
      faults: [{ method: 'PATCH', count: 4, effect: { type: 'lost-answer' } }],
    },
    {
      fact: 'though the answers to writes trickle in',
      faults: [{ method: 'PATCH', count: 2, effect: { type: 'trickle', bytes: 50, everyMs: 20 } }],
    },
    {
      fact: 'though its identity is refused for once',
      faults: [{ method: 'PATCH', count: 1, effect: { type: 'answer', status: 401, reason: 'Unauthorized' } }],
    },
  ] satisfies readonly Scenario[]) {
    test(fact, async () => {
      const name = nextName()

      await seeThrough({ fact, faults: faults.map((fault) => ({ ...fault, name })) }, name)

      await assertUnharmed()
    })
  }

  // There is one lease: one after the other.
  describe('and the lease is renewed', { concurrency: false }, () => {
    for (const { fact, faults } of [
      {
        fact: 'though renewals are refused and unanswered',
        faults: [
          { ...leaseWrite, count: 1, effect: { type: 'answer', status: 500, reason: 'InternalError' } },
          { ...leaseWrite, count: 1, effect: { type: 'lost-answer' } },
        ],
      },
      {
        fact: 'though a renewal vanishes',
        faults: [{ ...leaseWrite, count: 1, effect: { type: 'half-open' } }],
      },
    ] satisfies readonly Scenario[]) {
      test(fact, async () => {
        await seeThrough({ fact, faults }, nextName())

        await renewalAfter(Date.now())
        await assertUnharmed()
      })
    }
  })
})

describe('what a user asks for comes true', () => {
  // Each strike makes the pause after the next one longer, so there are not many; the informer's test has the others.
  for (const { fact, strike, fault } of [
    {
      fact: 'after a reset of its watch, though the next is throttled',
      strike: (watch) => watch.reset(),
      fault: {
        ...repositoryWatch,
        count: 1,
        effect: { type: 'answer', status: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 },
      },
    },
    {
      fact: 'after half a line in its watch, though the next one trickles',
      strike: (watch) => watch.truncate('clean'),
      fault: { ...repositoryWatch, count: 1, effect: { type: 'trickle', bytes: 200, everyMs: 10 } },
    },
  ] satisfies readonly { fact: string; strike: (watch: Conduit) => void; fault: Fault }[]) {
    test(fact, async () => {
      const watches = await eventually('an open watch', async () => {
        await assertAlive()
        const open = proxy.open({ ends: 'ecrrepositories' })
        return open.length > 0 && open
      })
      const injected = proxy.inject(fault)
      for (const watch of watches) strike(watch)

      await seeConverge()

      assert.equal(injected.hits(), 1)
      await assertUnharmed()
    })
  }
})

describe('what happened is told', () => {
  test('in checks that a person can read', async () => {
    const [ready, alive] = await Promise.all([operator.ask('/readyz'), operator.ask('/healthz')])

    assert.deepEqual(ready, { status: 200, text: '[+]caches ok\n[+]watches ok\n[+]workers ok\n' })
    assert.deepEqual(alive, { status: 200, text: '[+]workers ok\n' })
  })

  test('in metrics under the names and labels of controller-runtime', async () => {
    const { text } = await operator.ask('/metrics')

    for (const [name, labels] of METRICS) assert.equal(labelsIn(text, name), labels, name)
  })
})

test('AWS saw each create once', async () => {
  const creates = (await simulator.writes()).filter(({ operation }) => operation === 'CreateRepository')

  assert.equal(creates.length, serial)
})

const OF_QUEUE = 'controller name'
const OF_REQUEST = 'host verb'

/** Names of metrics that dashboards know, and ours for what they do not: `longshore_`. */
const METRICS: readonly (readonly [string, string])[] = [
  ['controller_runtime_reconcile_total', 'controller result'],
  ['controller_runtime_reconcile_errors_total', 'controller'],
  ['controller_runtime_terminal_reconcile_errors_total', 'controller'],
  ['controller_runtime_reconcile_panics_total', 'controller'],
  ['controller_runtime_reconcile_timeouts_total', 'controller'],
  ['controller_runtime_reconcile_time_seconds_bucket', 'controller le'],
  ['controller_runtime_max_concurrent_reconciles', 'controller'],
  ['controller_runtime_active_workers', 'controller'],
  ['workqueue_depth', `${OF_QUEUE} priority`],
  ['workqueue_adds_total', OF_QUEUE],
  ['workqueue_queue_duration_seconds_bucket', 'controller le name'],
  ['workqueue_work_duration_seconds_bucket', 'controller le name'],
  ['workqueue_unfinished_work_seconds', OF_QUEUE],
  ['workqueue_longest_running_processor_seconds', OF_QUEUE],
  ['workqueue_retries_total', OF_QUEUE],
  ['rest_client_requests_total', 'code host method'],
  ['rest_client_request_duration_seconds_sum', OF_REQUEST],
  ['rest_client_request_size_bytes_sum', OF_REQUEST],
  ['rest_client_response_size_bytes_sum', OF_REQUEST],
  ['rest_client_rate_limiter_duration_seconds_sum', OF_REQUEST],
  ['rest_client_request_retries_total', 'code host verb'],
  ['leader_election_master_status', 'name'],
  ['leader_election_slowpath_total', 'name'],
  ['process_cpu_seconds_total', ''],
  ['process_resident_memory_bytes', ''],
  ['nodejs_heap_size_used_bytes', ''],
  ['longshore_event_loop_delay_seconds', 'quantile'],
  ['longshore_watch_last_event_age_seconds', 'resource'],
  ['longshore_watch_lists_total', 'resource'],
  ['longshore_watch_connects_total', 'resource'],
  ['longshore_watch_failures_total', 'code resource'],
  ['longshore_watch_decode_errors_total', 'resource'],
]

/** The labels of the first sample of a metric, in alphabetical order; undefined: there is no sample. */
function labelsIn(scraped: string, metric: string): string | undefined {
  const sample = scraped.split('\n').find((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
  if (sample === undefined) return undefined
  const labels = [...sample.matchAll(/(\w+)="/g)].map(([, label = '']) => label)
  return labels.toSorted((a, b) => a.localeCompare(b)).join(' ')
}
