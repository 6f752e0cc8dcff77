import type { KubeObject } from '../../../src/kube/cluster.ts'
import { createSession, type AwsSession } from '../../../src/aws/session.ts'
import { Failure } from '../../../src/core/failure.ts'
import { keyOf } from '../../../src/runtime/store.ts'
import { SERVICES } from '../../../src/simulator/services/index.ts'
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts'
import { TEST_REGION } from '../../support/aws.ts'
import { createDirectCouriers } from '../../support/direct-couriers.ts'
import { createFixedRandom } from '../../support/fixed-random.ts'
import { createHandClock, type HandClock } from '../../support/hand-clock.ts'
import { createMemoryCluster, type MemoryCluster } from '../../support/memory-cluster.ts'
import { withAwsTroubles } from './aws-troubles.ts'
import { essenceOf, thingsIn, type Thing } from './aws-view.ts'
import { withTroubles } from './kube-troubles.ts'
import { INSTALLATION, type Life } from './life.ts'
import { noMetrics } from './no-metrics.ts'
import { changeByHand, deleteByHand, makeAsStranger } from './people.ts'
import { startReplicas } from './replicas.ts'
import { awsName, BAD_IMAGE, firstWishes, NAMESPACE, SLOTS, specOf, typeOf, type Slot, type Wishes } from './slots.ts'
import type { Deed, History, Mishap, Step } from './step.ts'
import { createWatchfulLog } from './watchful-log.ts'
import { createWitness } from './witness.ts'

const ACCOUNT = '123456789012'
export const OTHER_ACCOUNT = '210987654321'
const PEOPLE_KEY = `AKIA${ACCOUNT}PEOPLE`

/** One history's world: a cluster and AWS accounts that live through it, and an operator that may die in it. */
export interface Stage {
  readonly clock: HandClock
  readonly cluster: MemoryCluster
  readonly simulator: Simulator
  /** What should not have happened, whatever comes of it. */
  readonly scandals: () => readonly string[]
  /** What users want now, of the objects that they have not deleted. */
  readonly wishes: ReadonlyMap<Slot, Wishes>
  /** What strangers made, as it was when they made it, by ARN. */
  readonly foreign: Map<string, string>
  /** ARNs of what its owner asked to keep when it was deleted. */
  readonly kept: Set<string>
  /** Slots with something that the operator was asked to let go of, or whose ownership could not be remembered. */
  readonly released: ReadonlySet<Slot>
  /** Slots whose status was lost: nobody knows any more which tags were ours. */
  readonly forgotten: ReadonlySet<Slot>
  object(slot: Slot): KubeObject | undefined
  objects(): readonly (readonly [Slot, KubeObject])[]
  things(): readonly Thing[]
  perform(step: Step): Promise<void>
  /** Faults are over: credentials, AWS and the API server are as they should be. */
  endTroubles(): void
  useAccount(accountId: string): void
  /** The operator ends at once and another one starts. */
  restart(): Promise<void>
  life(): Life
  readonly people: AwsSession
}

const signal = new AbortController().signal

export async function createStage(history: History): Promise<Stage> {
  const clock = createHandClock()
  const cluster = createMemoryCluster(() => clock.now())
  const simulator = createSimulatedAws(clock, history)
  const log = createWatchfulLog()
  const witness = createWitness(clock)
  const aws = withAwsTroubles(simulator, clock)
  const kube = withTroubles(cluster, clock)
  const people = createSession({
    region: TEST_REGION,
    clock,
    metrics: noMetrics,
    couriers: createDirectCouriers(simulator, { accessKeyId: PEOPLE_KEY, region: TEST_REGION }),
  })
  const wishes = new Map<Slot, Wishes>()
  const foreign = new Map<string, string>()
  const kept = new Set<string>()
  const released = new Set<Slot>()
  const forgotten = new Set<Slot>()
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

  const refOf = (slot: Slot) => ({ namespace: NAMESPACE, name: slot })
  const object = (slot: Slot) => cluster.storeOf(typeOf(slot)).get(keyOf({ metadata: refOf(slot) }))
  const stage: Stage = {
    clock,
    cluster,
    simulator,
    scandals: () => [...witness.problems, ...log.scandals],
    wishes,
    foreign,
    kept,
    released,
    forgotten,
    people,
    object,
    objects: () =>
      SLOTS.flatMap((slot) => {
        const found = object(slot)
        return found === undefined ? [] : [[slot, found] as const]
      }),
    things: () => thingsIn(simulator),
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
  cluster.onGone = ({ metadata: { name } }) => {
    for (const thing of stage.things()) {
      const { type } = thing
      if (thing.tags['longshore.dev/name'] === name) witness.tell(`${name} is gone while its ${type} is not`)
    }
  }
  await clock.advance(0)
  return stage

  async function perform(step: Step): Promise<void> {
    await (isDeed(step) ? act(step).catch(ignoreRefusal) : disturb(step))
    // Long enough that work begins, too short for it to end.
    if (step.type !== 'wait') await clock.advance(0)
  }

  async function act(step: Deed): Promise<void> {
    switch (step.type) {
      case 'apply':
        return apply(step.slot, step.change)
      case 'delete':
        return remove(step.slot)
      case 'annotate':
        return annotate(step.slot, step.name, step.value)
      case 'console':
        return byHand(step.slot, step.deed)
      case 'stranger':
        return stranger(step.slot)
      case 'lose-status':
        return loseStatus(step.slot)
      case 'spoil-status':
        return spoilStatus(step.slot)
    }
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
        return kube.cut(step.trouble === 'none' ? undefined : step.trouble, step.count)
      case 'lag':
        return kube.lag(step.seconds)
      case 'outage':
        return kube.fail(step.seconds)
      case 'crash':
        return replicas.crash(step.afterCalls)
      case 'hand-over':
        return replicas.handOver(step.seconds)
      case 'wait':
        return clock.advance(step.seconds)
    }
  }

  function apply(slot: Slot, change: Partial<Wishes>): void {
    const wished = { ...(wishes.get(slot) ?? firstWishes(slot)), ...change }
    wishes.set(slot, wished)
    cluster.apply(typeOf(slot), { metadata: refOf(slot), spec: specOf(slot, wished) })
  }

  async function remove(slot: Slot): Promise<void> {
    const found = object(slot)
    if (found === undefined) return
    const isRetained = found.metadata.annotations?.['longshore.dev/deletion-policy'] === 'Retain'
    if (isRetained) released.add(slot)
    if (isRetained) keep(slot)
    wishes.delete(slot)
    await cluster.remove(typeOf(slot), refOf(slot), signal)
  }

  /** What is its own now has to stay, unless somebody changes their mind. */
  function keep(slot: Slot): void {
    const thing = thingOf(slot)
    if (thing?.tags['longshore.dev/name'] === slot) kept.add(thing.arn)
  }

  async function annotate(slot: Slot, name: string, value: string | null): Promise<void> {
    const found = object(slot)
    if (found === undefined) return
    if (value === 'Retain') released.add(slot)
    else if (name === 'deletion-policy') kept.clear()
    const body = { metadata: { annotations: { [`longshore.dev/${name}`]: value } } }
    await cluster.mergePatch(typeOf(slot), refOf(slot), { fieldManager: 'user', body }, signal)
  }

  async function loseStatus(slot: Slot): Promise<void> {
    if (object(slot) === undefined) return
    forgotten.add(slot)
    const patch = { fieldManager: 'user', subresource: 'status', body: { status: null } } as const
    await cluster.mergePatch(typeOf(slot), refOf(slot), patch, signal)
  }

  async function spoilStatus(slot: Slot): Promise<void> {
    const found = object(slot)
    if (found === undefined) return
    const ready = { type: 'Ready', status: 'False', reason: 'AwsUnavailable', message: 'spoilt' } as const
    const lastTransitionTime = new Date(clock.now()).toISOString()
    const conditions = [{ ...ready, observedGeneration: found.metadata.generation, lastTransitionTime }]
    const patch = { fieldManager: 'longshore', subresource: 'status', body: { status: { conditions } } } as const
    await cluster.mergePatch(typeOf(slot), refOf(slot), patch, signal)
  }

  function thingOf(slot: Slot): Thing | undefined {
    const type = { r: 'repository', c: 'cluster', s: 'service' }[slot.charAt(0)]
    return stage
      .things()
      .find((thing) => thing.type === type && thing.name === awsName(slot) && thing.accountId === ACCOUNT)
  }

  async function byHand(slot: Slot, deed: 'change' | 'delete'): Promise<void> {
    const thing = thingOf(slot)
    if (thing?.tags['longshore.dev/installation'] !== INSTALLATION) return
    kept.delete(thing.arn)
    await (deed === 'delete' ? deleteByHand(people, thing) : changeByHand(people, thing))
  }

  async function stranger(slot: Slot): Promise<void> {
    if (thingOf(slot) !== undefined) return
    await makeAsStranger(people, slot, (wishes.get(slot) ?? firstWishes(slot)).cluster)
    const made = thingOf(slot)
    if (made !== undefined) foreign.set(made.arn, essenceOf(made))
  }
}

function createSimulatedAws(clock: HandClock, history: History): Simulator {
  const virtual = { now: () => clock.now(), after: (seconds: number, run: () => void) => clock.schedule(seconds, run) }
  const scenario = { images: { [BAD_IMAGE]: { type: 'cannot-pull' } } } as const
  const simulator = createSimulator({ services: SERVICES, clock: virtual, scenario })
  const isPastAsked = history.some((step) => step.type === 'aws-trouble' && step.trouble === 'answers with the past')
  // Answers can go back to what is recorded, and recording costs time.
  if (isPastAsked) simulator.faults.add({ operation: 'none', effect: { type: 'stale-read', seconds: 1 } })
  return simulator
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

function isDeed(step: Step): step is Deed {
  return DEEDS.has(step.type)
}

/** People are refused as well: what they tried did not happen. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Failure)) throw error
}
