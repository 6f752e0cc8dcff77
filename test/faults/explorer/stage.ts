import { createSession, type AwsSession } from '../../../src/aws/session.ts'
import { Failure } from '../../../src/core/failure.ts'
import type { Instant } from '../../../src/core/ports.ts'
import { keyOf } from '../../../src/runtime/store.ts'
import { SERVICES } from '../../../src/simulator/services/index.ts'
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts'
import { TEST_REGION } from '../../support/aws.ts'
import { createDirectCouriers } from '../../support/direct-couriers.ts'
import { createFixedRandom } from '../../support/fixed-random.ts'
import { createHandClock, type HandClock } from '../../support/hand-clock.ts'
import { createMemoryCluster, type MemoryCluster } from '../../support/memory-cluster.ts'
import { STALE_SECONDS, withAwsTroubles } from './aws-troubles.ts'
import type { Aftermath } from './aftermath.ts'
import { thingsIn } from './aws-view.ts'
import { createMemory, perform as performDeed, type Scene } from './deeds.ts'
import { withTroubles } from './kube-troubles.ts'
import type { Life } from './life.ts'
import { noMetrics } from './no-metrics.ts'
import { startReplicas } from './replicas.ts'
import { BAD_IMAGE, NAMESPACE, OTHER_ACCOUNT, SLOTS, typeOf, type Slot } from './slots.ts'
import type { Deed, History, Mishap, Step } from './step.ts'
import { isBeyondMemory, isBeyondReach } from './view.ts'
import { watchingForUndoing } from './undoing.ts'
import { createWatchfulLog } from './watchful-log.ts'
import { createWitness } from './witness.ts'

export const ACCOUNT = '123456789012'
const PEOPLE_KEY = `AKIA${ACCOUNT}PEOPLE`

/** One history's world: a cluster and AWS accounts that live through it, and an operator that may die in it. */
export interface Stage extends Aftermath {
  readonly clock: HandClock
  readonly cluster: MemoryCluster
  readonly simulator: Simulator
  perform(step: Step): Promise<void>
  /** Faults are over: credentials, AWS and the API server are as they should be. */
  endTroubles(): void
  useAccount(accountId: string): void
  /** The operator ends at once and another one starts. */
  restart(): Promise<void>
  life(): Life
  readonly people: AwsSession
}

const EVENTS = { group: 'events.k8s.io', version: 'v1', plural: 'events', kind: 'Event', namespaced: true }

export async function createStage(history: History): Promise<Stage> {
  const clock = createHandClock()
  const cluster = createMemoryCluster(() => clock.now())
  const simulator = createSimulatedAws(clock, history)
  const log = createWatchfulLog()
  const witness = createWitness(clock)
  const kube = withTroubles(cluster, clock)
  const people = createSession({
    region: TEST_REGION,
    clock,
    metrics: noMetrics,
    couriers: createDirectCouriers(simulator, { accessKeyId: PEOPLE_KEY, region: TEST_REGION }),
  })
  const memory = createMemory()
  const editedAt = new Map<Slot, Instant>()
  const refOf = (slot: Slot) => ({ namespace: NAMESPACE, name: slot })
  const object = (slot: Slot) => cluster.storeOf(typeOf(slot)).get(keyOf({ metadata: refOf(slot) }))
  const aftermath: Aftermath = {
    scandals: () => [...witness.problems, ...log.scandals],
    ...memory,
    hasStrayed: history.some(({ type }) => type === 'wrong-account'),
    object,
    objects: () =>
      SLOTS.flatMap((slot) => {
        const found = object(slot)
        return found === undefined ? [] : [[slot, found] as const]
      }),
    things: () => thingsIn(simulator),
    events: () => cluster.storeOf(EVENTS).list(),
  }
  const aws = watchingForUndoing(withAwsTroubles(simulator, clock), {
    clock,
    aftermath,
    editedAt,
    tell: (problem) => witness.tell(problem),
  })
  let accountId = ACCOUNT
  let restoreAt = -Infinity
  const replicas = startReplicas(
    {
      clock,
      cluster: kube.cluster,
      aws,
      random: createFixedRandom(0.5),
      log: log.log,
      witness,
      accountId: () => (clock.now() < restoreAt ? OTHER_ACCOUNT : accountId),
    },
    clock,
  )

  const stage: Stage = {
    ...aftermath,
    clock,
    cluster,
    simulator,
    people,
    life: () => replicas.leader(),
    useAccount: (id) => void (accountId = id),
    endTroubles: () => {
      aws.end()
      kube.end()
      restoreAt = -Infinity
      replicas.crash(Infinity)
    },
    restart: async () => {
      replicas.restart()
      await clock.advance(0)
    },
    perform,
  }
  const scene: Scene = {
    cluster,
    people,
    accountId: ACCOUNT,
    memory,
    now: () => clock.now(),
    object: async (slot) => object(slot),
    things: async () => aftermath.things(),
    mayStillSeem: (name) => showsThePast(history) && wasDeletedLately(simulator, name),
  }
  cluster.onGone = ({ metadata: { name } }) => {
    for (const thing of stage.things()) {
      if (thing.tags['longshore.dev/name'] !== name || isBeyondMemory(stage, thing) || isBeyondReach(stage, thing))
        continue
      witness.tell(`${name} is gone while its ${thing.type} is not`)
    }
  }
  await clock.advance(0)
  return stage

  async function perform(step: Step): Promise<void> {
    if (step.type === 'apply') editedAt.set(step.slot, clock.now())
    await (isDeed(step) ? performDeed(step, scene).catch(ignoreRefusal) : disturb(step))
    // Long enough that work begins, too short for it to end.
    if (step.type !== 'wait') await clock.advance(0)
  }

  function cutWatches({ trouble, count }: Mishap & { readonly type: 'cut-watches' }): void {
    if (trouble === 'gone') cluster.compact()
    if (trouble === 'none' || trouble === 'gone') kube.cut()
    else kube.cut(trouble, count)
  }

  async function disturb(step: Mishap): Promise<void> {
    switch (step.type) {
      case 'aws-trouble':
        return aws.add(step.trouble, step)
      case 'kube-trouble':
        return kube.add(step.trouble, step)
      case 'wrong-account':
        return void (restoreAt = clock.now() + step.seconds * 1000)
      case 'cut-watches':
        return cutWatches(step)
      case 'lag':
        return kube.lag(step.seconds)
      case 'outage':
        // What it kept for watches is not there when it begins anew.
        clock.schedule(step.seconds, () => cluster.compact())
        return kube.fail(step.seconds)
      case 'crash':
        return replicas.crash(step.afterCalls)
      case 'stand-by':
        return replicas.standBy(step.isDeaf)
      case 'hand-over':
        return replicas.handOver(step.seconds)
      case 'wait':
        return clock.advance(step.seconds)
    }
  }
}

function createSimulatedAws(clock: HandClock, history: History): Simulator {
  const virtual = { now: () => clock.now(), after: (seconds: number, run: () => void) => clock.schedule(seconds, run) }
  const scenario = { images: { [BAD_IMAGE]: { type: 'cannot-pull' } } } as const
  const simulator = createSimulator({ services: SERVICES, clock: virtual, scenario })
  // Answers can go back to what is recorded, and recording costs time.
  if (showsThePast(history)) simulator.faults.add({ operation: 'none', effect: { type: 'stale-read', seconds: 1 } })
  return simulator
}

function showsThePast(history: History): boolean {
  return history.some((step) => step.type === 'aws-trouble' && step.trouble === 'answers with the past')
}

function wasDeletedLately({ log, clock }: Simulator, name: string): boolean {
  return log.calls().some(({ operation, endMs, parameters }) => {
    const isLate = endMs >= clock.now() - STALE_SECONDS * 1000
    return isLate && operation.startsWith('Delete') && JSON.stringify(parameters).includes(name)
  })
}

const DEEDS: ReadonlySet<Step['type']> = new Set<Deed['type']>([
  'apply',
  'delete',
  'annotate',
  'console',
  'stranger',
  'lose-status',
  'spoil-status',
])

export function isDeed(step: Step): step is Deed {
  return DEEDS.has(step.type)
}

/** People are refused as well: what they tried did not happen. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Failure)) throw error
}
