import { createControllers } from '../../src/app/controllers.ts'
import { kinds } from '../../src/app/kinds.ts'
import { createMetrics, type ScrapedMetrics } from '../../src/app/metrics.ts'
import { createOwnScope } from '../../src/app/scope.ts'
import { createPace } from '../../src/aws/pace.ts'
import type { Answer, Courier, Delivery, Letter } from '../../src/aws/courier.ts'
import { createSession, type AwsCouriers } from '../../src/aws/session.ts'
import type { Instant, Random } from '../../src/core/ports.ts'
import type { KubeObject, ResourceType } from '../../src/kube/cluster.ts'
import { resourceTypeOf } from '../../src/reconciler/api.ts'
import { keyOf } from '../../src/runtime/store.ts'
import type { LoggedCall } from '../../src/simulator/call-log.ts'
import { createTestAws, TEST_REGION, type TestAws } from './aws.ts'
import { createDirectCouriers } from './direct-couriers.ts'
import { createHandClock, type HandClock } from './hand-clock.ts'
import { createMemoryCluster, type MemoryCluster } from './memory-cluster.ts'
import { createLogRecorder } from './recorders.ts'

/** The whole operator in this process, over a cluster in memory and simulated AWS, on one clock that is wound by hand. */
export interface VirtualOperator {
  readonly aws: TestAws
  readonly clock: HandClock
  readonly cluster: MemoryCluster
  readonly metrics: ScrapedMetrics
  /** Messages of the log lines of level error. */
  readonly errors: () => readonly string[]
  apply(manifest: Manifest): KubeObject
  /** As `kubectl delete` does, without waiting. */
  remove(manifest: Pick<Manifest, 'kind' | 'metadata'>): Promise<void>
  find(manifest: Pick<Manifest, 'kind' | 'metadata'>): KubeObject | undefined
  /** Calls of the operator that AWS answered from `since` on. */
  calls(since: Instant): readonly LoggedCall[]
  /** Ends the operator and starts another one, with this share of AWS's rates: what was only in memory is gone. */
  restart(share: number): Promise<void>
  stop(): Promise<void>
}

export type Manifest = Pick<KubeObject, 'kind' | 'metadata' | 'spec'>

export interface VirtualOperatorOptions {
  /** Part of AWS's rates to use. */
  readonly share: number
  readonly workers?: number
  /** How long calls to AWS are under way, in seconds: at least, and at most. */
  readonly latency?: readonly [least: number, most: number]
}

export async function startVirtualOperator({
  share: firstShare,
  workers = 16,
  latency = [0.03, 0.06],
}: VirtualOperatorOptions): Promise<VirtualOperator> {
  const clock = createHandClock()
  const aws = createTestAws({ clock })
  const cluster = createMemoryCluster(() => clock.now())
  const { log, entries } = createLogRecorder()
  const random = createSeededRandom(1)
  const accessKeyId = `AKIA${aws.accountId}TEST`
  const direct = createDirectCouriers(aws.simulator, { accessKeyId, region: TEST_REGION })
  const couriers = delayed(direct, { clock, random, latency })

  const start = async (share: number) => {
    const metrics = createMetrics()
    const pace = createPace({ clock, metrics, share })
    const session = createSession({ region: TEST_REGION, clock, metrics, pace, couriers })
    const scopeFor = createOwnScope(session, TEST_REGION)
    const events = { record: () => undefined }
    const around = { cluster, scopeFor, pace, events, mayWrite: () => true, clock, random, log, metrics }
    const { informers, controllers } = createControllers(kinds, around, { ...SETTINGS, workers })
    const stopping = new AbortController()
    const watches = informers.map((informer) => informer.run(stopping.signal))
    await clock.advance(0)
    const work = controllers.map((controller) => controller.run(stopping.signal, stopping.signal))
    return {
      metrics,
      stop: async () => {
        stopping.abort()
        await clock.advance(0)
        await Promise.all([...watches, ...work])
      },
    }
  }
  let running = await start(firstShare)

  return {
    aws,
    clock,
    cluster,
    get metrics() {
      return running.metrics
    },
    errors: () => entries.filter(({ level }) => level === 'error').map(({ message }) => message),
    apply: (manifest) => cluster.apply(typeOf(manifest.kind), manifest),
    remove: ({ kind, metadata }) => cluster.remove(typeOf(kind), metadata, new AbortController().signal),
    find: ({ kind, metadata }) => cluster.storeOf(typeOf(kind)).get(keyOf({ metadata })),
    calls: (since) =>
      aws.simulator.log.calls().filter((call) => call.accessKeyId === accessKeyId && call.startMs >= since),
    restart: async (share) => {
      await running.stop()
      running = await start(share)
    },
    stop: () => running.stop(),
  }
}

const SETTINGS = {
  installationId: 'here',
  settleSeconds: 15,
  drift: 'Repair',
  blinkSeconds: 0.3,
  driftSeconds: undefined,
  namespaces: [],
} as const

function typeOf(kind: string | undefined): ResourceType {
  const found = kinds.find((candidate) => candidate.kind === kind)
  if (found === undefined) throw new Error(`no kind ${kind}`)
  return resourceTypeOf(found)
}

interface Delay {
  readonly clock: HandClock
  readonly random: Random
  readonly latency: readonly [least: number, most: number]
}

/** Requests and answers are under way for a while: two calls may arrive in another order than they left. */
function delayed(couriers: AwsCouriers, { clock, random, latency: [least, most] }: Delay): AwsCouriers {
  const halfWay = (signal: AbortSignal): Promise<void> =>
    clock.sleep((least + (most - least) * random.fraction()) / 2, signal)
  const slow = (courier: Courier): Courier => ({
    ...courier,
    deliver: async <O extends Answer>(letter: Letter, delivery: Delivery): Promise<O> => {
      await halfWay(delivery.signal)
      const answer = await courier.deliver<O>(letter, delivery)
      await halfWay(delivery.signal)
      return answer
    },
  })
  const { ecr, ecs, logs, sts } = couriers
  return { ecr: slow(ecr), ecs: slow(ecs), logs: slow(logs), sts: slow(sts) }
}

/** The same sequence every time (Lehmer: Park and Miller, 1988). */
function createSeededRandom(seed: number): Random {
  let state = seed
  let count = 0
  return {
    fraction: () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    },
    uuid: () => `00000000-0000-4000-8000-${(count += 1).toString(16).padStart(12, '0')}`,
  }
}
