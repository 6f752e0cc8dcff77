import { once } from 'node:events'
import { createPace } from '../../../src/aws/pace.ts'
import { createSession, type AwsSession } from '../../../src/aws/session.ts'
import type { Clock, Logger, Random } from '../../../src/core/ports.ts'
import type { Cluster, MergePatch, WatchEvent } from '../../../src/kube/cluster.ts'
import { createControllers } from '../../../src/app/controllers.ts'
import { kinds } from '../../../src/app/kinds.ts'
import type { Scope } from '../../../src/reconciler/resource.ts'
import { sleepBy } from '../../../src/runtime/clock.ts'
import { createEventRecorder } from '../../../src/runtime/events.ts'
import type { DirectCall, Simulator } from '../../../src/simulator/simulator.ts'
import { TEST_REGION } from '../../support/aws.ts'
import { createDirectCouriers } from '../../support/direct-couriers.ts'
import type { TroubledAws } from './aws-troubles.ts'
import { createBelongings, type Belongings, type Holdings } from './growth.ts'
import { createKnowledge, type Witness } from './witness.ts'

export const INSTALLATION = 'ours'
/** How long after a recorded attempt absence proves nothing; reads of the past must not look back further. */
export const SETTLE_SECONDS = 15
/** The share of AWS's rates that it takes, as by default. */
const PACE_SHARE = 0.6

export interface Outside {
  readonly clock: Clock
  readonly cluster: Cluster
  readonly aws: Pick<TroubledAws, 'invoke' | 'hangUp'>
  readonly random: Random
  readonly log: Logger
  readonly witness: Witness
  readonly accountId: () => string
}

/** One life of the operator. It begins on stand-by: its stores follow the cluster, and that is all. */
export interface Life {
  isAlive(): boolean
  /** From now on it works. */
  lead(): void
  /** It dies this many halves of calls from now: before a call takes effect or before its answer arrives. */
  dieAfter(halves: number): void
  /** Dies at once: nothing that it began goes on, nothing that it waits for arrives. */
  die(): void
  /** Its lease is about to end: from now on no write of its may reach AWS. */
  fence(): void
  /** What it holds on to, timers included. */
  holdings(): Holdings
}

/**
 * Starts the operator's own controllers, queues and informers; `onDeath` is called when it dies by `dieAfter`. `isDeaf`: its
 * first watches tell what was there, and nothing of what comes after.
 */
export function startLife(outside: Outside, { isDeaf, onDeath }: LifeOptions): Life {
  const body = createBody(outside, onDeath)
  const belongings = createBelongings()
  const cluster = mortalCluster(isDeaf ? { ...outside, cluster: withDeafWatches(outside.cluster) } : outside, body)
  const work = belongings.noting(() => openWork({ ...outside, cluster }, body, belongings))
  return {
    isAlive: body.isAlive,
    lead: () => {
      body.lead()
      work()
    },
    dieAfter: body.dieAfter,
    die: body.die,
    fence: body.fence,
    holdings: () => new Map([...belongings.holdings(), ['timers', body.timers()]]),
  }
}

export interface LifeOptions {
  readonly isDeaf: boolean
  readonly onDeath: () => void
}

type Around = <T>(call: () => Promise<T>) => Promise<T>

/** What makes a life mortal: everything that it does goes through here. */
interface Body extends Omit<Life, 'holdings'> {
  readonly clock: Clock
  readonly around: Around
  readonly isLeading: () => boolean
  timers(): number
}

function createBody({ clock, witness, aws }: Outside, onDeath: () => void): Body {
  let isAlive = true
  let isLeading = false
  let halvesLeft = Infinity
  const timers = new Set<object>()
  const die = (): void => {
    isAlive = false
    aws.hangUp()
  }
  const survive = async (): Promise<void> => {
    if (isAlive && halvesLeft-- <= 0) {
      die()
      onDeath()
    }
    if (!isAlive) await new Promise(() => {})
  }
  return {
    clock: mortalClock(clock, { isAlive: () => isAlive, timers, witness }),
    around: async (call) => {
      witness.count()
      // Whoever asks without end is stopped here, because time would stand still for it.
      if (witness.isStorm()) die()
      await survive()
      const answer = await call()
      await survive()
      return answer
    },
    isAlive: () => isAlive,
    isLeading: () => isLeading,
    timers: () => timers.size,
    dieAfter: (halves) => void (halvesLeft = halves),
    die,
    lead: () => void (isLeading = true),
    fence: () => void (isLeading = false),
  }
}

/** Opens everything and begins to follow the cluster; answers what begins the work. Nothing is waited for. */
function openWork(outside: Outside, body: Body, belongings: Belongings): () => void {
  const { clock, isLeading } = body
  const { metrics } = belongings
  const stop = new AbortController()
  belongings.watch('the signal to stop', stop.signal)
  const { cluster } = outside
  const pace = createPace({ clock, metrics, share: PACE_SHARE })
  const open = (accountId: string): AwsSession =>
    belongings.noting(() =>
      createSession({
        region: TEST_REGION,
        clock,
        pace,
        metrics,
        maySend: isLeading,
        couriers: createDirectCouriers(mortalAws(outside, body), {
          accessKeyId: `AKIA${accountId}OPERATOR`,
          region: TEST_REGION,
        }),
      }),
    )
  const sessions: Record<string, AwsSession> = {}
  const scopeFor = async (): Promise<Scope> => {
    const accountId = outside.accountId()
    return { accountId, region: TEST_REGION, partition: 'aws', aws: (sessions[accountId] ??= open(accountId)) }
  }
  const common = { clock, cluster, random: outside.random, log: outside.log, metrics }
  const events = createEventRecorder({ ...common, controller: 'longshore.dev/operator', instance: 'here' })
  const { informers, controllers } = createControllers(
    kinds,
    { ...common, scopeFor, pace, events, mayWrite: isLeading },
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
  for (const informer of informers) {
    belongings.watchStore(informer.store)
    void informer.run(stop.signal)
  }
  const synced = Promise.all(informers.map((informer) => informer.synced))
  return () => void synced.then(() => controllers.map((controller) => controller.run(stop.signal, stop.signal)))
}

interface Mortality {
  readonly isAlive: () => boolean
  readonly timers: Set<object>
  readonly witness: Witness
}

/** What a dead process had scheduled never happens. */
function mortalClock(clock: Clock, { isAlive, timers, witness }: Mortality): Clock {
  const schedule: Clock['schedule'] = (seconds, run) => {
    witness.count()
    // A pass that needs nothing of anybody still needs its deadlines.
    if (witness.isStorm()) throw new Error('too many timers at once')
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

const READS = /^(Describe|List|Get|BatchGet|Filter)/

function mortalAws({ aws, witness }: Outside, { around, isLeading }: Body): Pick<Simulator, 'invoke'> {
  const invoke = (call: DirectCall): ReturnType<Simulator['invoke']> => {
    if (!isLeading() && !READS.test(call.operation)) witness.tell(`${call.operation} left when others might lead`)
    return aws.invoke(call)
  }
  return { invoke: (call) => around(() => invoke(call)) }
}

function mortalCluster({ cluster, witness }: Outside, { around, isAlive }: Body): Cluster {
  const knowledge = createKnowledge(witness)
  async function* watch(...input: Parameters<Cluster['watch']>): AsyncIterable<WatchEvent> {
    for await (const event of cluster.watch(...input)) {
      if (!isAlive()) await new Promise(() => {})
      yield event
    }
  }
  return {
    get: async (...args) => {
      const found = await around(() => cluster.get(...args))
      knowledge.learn(found)
      return found
    },
    list: (...args) => around(() => cluster.list(...args)),
    create: (type, object, ...args) => {
      witness.read(object)
      return around(() => cluster.create(type, object, ...args))
    },
    mergePatch: async (type, ref, patch, signal) => {
      witness.read(patch.body)
      knowledge.check(type, ref.name, versionIn(patch))
      const written = await around(() => cluster.mergePatch(type, ref, patch, signal))
      knowledge.learn(written)
      return written
    },
    replace: (...args) => around(() => cluster.replace(...args)),
    remove: (...args) => around(() => cluster.remove(...args)),
    watch,
  }
}

/** A connection that is gone without anybody's notice: the first watch of each type ends after what was there at first. */
function withDeafWatches(cluster: Cluster): Cluster {
  const opened = new Set<string>()
  async function* watchOnce(...input: Parameters<Cluster['watch']>): AsyncIterable<WatchEvent> {
    const isInitial = input[1].sendInitialEvents === true
    for await (const event of cluster.watch(...input)) {
      if (isInitial) yield event
      if (!isInitial || isEndOfList(event)) return silence(input[2])
    }
  }
  return {
    ...cluster,
    watch: (...input) => {
      const [{ plural }] = input
      if (opened.has(plural)) return cluster.watch(...input)
      opened.add(plural)
      return watchOnce(...input)
    },
  }
}

function isEndOfList(event: WatchEvent): boolean {
  return event.type === 'BOOKMARK' && event.initialEventsEnd === true
}

async function silence(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

function versionIn({ body }: MergePatch): string | undefined {
  const { resourceVersion }: { readonly resourceVersion?: unknown } = Object(body['metadata'])
  return typeof resourceVersion === 'string' ? resourceVersion : undefined
}
