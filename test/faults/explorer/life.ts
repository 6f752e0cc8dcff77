import { createPace, type Pace } from '../../../src/aws/pace.ts'
import { createSession, type AwsSession } from '../../../src/aws/session.ts'
import type { Clock, Logger, Random } from '../../../src/core/ports.ts'
import type { Cluster } from '../../../src/kube/cluster.ts'
import { createControllers } from '../../../src/app/controllers.ts'
import { kinds } from '../../../src/app/kinds.ts'
import type { Scope } from '../../../src/reconciler/resource.ts'
import { sleepBy } from '../../../src/runtime/clock.ts'
import { createEventRecorder } from '../../../src/runtime/events.ts'
import type { Simulator } from '../../../src/simulator/simulator.ts'
import { TEST_REGION } from '../../support/aws.ts'
import { createDirectCouriers } from '../../support/direct-couriers.ts'
import { noMetrics } from './no-metrics.ts'

export const INSTALLATION = 'ours'
/** How long after a recorded attempt absence proves nothing; reads of the past must not look back further. */
const SETTLE_SECONDS = 15
/** The share of AWS's rates that it takes, as by default. */
const PACE_SHARE = 0.6

export interface Outside {
  readonly clock: Clock
  readonly cluster: Cluster
  readonly aws: Pick<Simulator, 'invoke'>
  readonly random: Random
  readonly log: Logger
  readonly accountId: () => string
}

/** One life of the operator. */
export interface Life {
  isAlive(): boolean
  /** It dies this many halves of calls from now: before a call takes effect or before its answer arrives. */
  dieAfter(halves: number): void
  /** Dies at once: nothing that it began goes on, nothing that it waits for arrives. */
  die(): void
  /** Timers of this life that are waiting. */
  timers(): number
  /** Asks everything to end, as SIGTERM does, and waits for it. */
  stop(): Promise<void>
}

/** Starts the operator's own controllers, queues and informers; `onDeath` is called when it dies by `dieAfter`. */
export function startLife(outside: Outside, onDeath: () => void): Life {
  let isAlive = true
  let halvesLeft = Infinity
  const timers = new Set<object>()
  const clock = mortalClock(outside.clock, () => isAlive, timers)
  const stop = new AbortController()

  const die = (): void => {
    isAlive = false
  }
  const survive = async (): Promise<void> => {
    if (isAlive && halvesLeft-- <= 0) {
      die()
      onDeath()
    }
    if (!isAlive) await new Promise(() => {})
  }
  const around: Around = async (call) => {
    await survive()
    const answer = await call()
    await survive()
    return answer
  }
  const cluster = mortalCluster(outside.cluster, around)
  const pace = createPace({ clock, metrics: noMetrics, share: PACE_SHARE })
  const sessions = new Map<string, AwsSession>()
  const sessionOf = (accountId: string): AwsSession => {
    const found = sessions.get(accountId) ?? openSession({ ...outside, clock, pace }, around, accountId)
    sessions.set(accountId, found)
    return found
  }
  const scopeFor = async (): Promise<Scope> => {
    const accountId = outside.accountId()
    return { accountId, region: TEST_REGION, partition: 'aws', aws: sessionOf(accountId) }
  }
  const common = { clock, cluster, random: outside.random, log: outside.log, metrics: noMetrics }
  const events = createEventRecorder({ ...common, controller: 'longshore.dev/operator', instance: 'here' })
  const { informers, controllers } = createControllers(
    kinds,
    { ...common, scopeFor, pace, events, mayWrite: () => true },
    {
      installationId: INSTALLATION,
      settleSeconds: SETTLE_SECONDS,
      drift: 'Repair',
      blinkSeconds: 0.3,
      namespaces: [],
      workers: 4,
      driftSeconds: undefined,
    },
  )
  const watches = informers.map((informer) => informer.run(stop.signal))
  const work = Promise.all(informers.map(({ synced }) => synced)).then(() =>
    Promise.all(controllers.map((controller) => controller.run(stop.signal, stop.signal))),
  )
  return {
    isAlive: () => isAlive,
    dieAfter: (halves) => void (halvesLeft = halves),
    die,
    timers: () => timers.size,
    stop: async () => {
      stop.abort()
      await Promise.all([...watches, work])
      await events.flush(stop.signal)
    },
  }
}

type Around = <T>(call: () => Promise<T>) => Promise<T>

/** What a dead process had scheduled never happens. */
function mortalClock(clock: Clock, isAlive: () => boolean, timers: Set<object>): Clock {
  const schedule: Clock['schedule'] = (seconds, run) => {
    const timer = {}
    timers.add(timer)
    const cancel = clock.schedule(seconds, () => {
      timers.delete(timer)
      if (isAlive()) run()
    })
    return () => {
      timers.delete(timer)
      cancel()
    }
  }
  return { now: () => clock.now(), schedule, sleep: (seconds, signal) => sleepBy(schedule, seconds, signal) }
}

type Paced = Outside & { readonly pace: Pace }

function mortalCluster(cluster: Cluster, around: Around): Cluster {
  return {
    get: (...args) => around(() => cluster.get(...args)),
    list: (...args) => around(() => cluster.list(...args)),
    create: (...args) => around(() => cluster.create(...args)),
    mergePatch: (...args) => around(() => cluster.mergePatch(...args)),
    replace: (...args) => around(() => cluster.replace(...args)),
    remove: (...args) => around(() => cluster.remove(...args)),
    watch: (...args) => cluster.watch(...args),
  }
}

function openSession({ clock, pace, aws }: Paced, around: Around, accountId: string): AwsSession {
  return createSession({
    region: TEST_REGION,
    clock,
    pace,
    metrics: noMetrics,
    couriers: createDirectCouriers(
      { invoke: (call) => around(() => aws.invoke(call)) },
      { accessKeyId: `AKIA${accountId}OPERATOR`, region: TEST_REGION },
    ),
  })
}
