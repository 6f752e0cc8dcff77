import type { KubeObject } from '../../../src/kube/cluster.ts'
import type { AwsSession } from '../../../src/aws/session.ts'
import { Failure } from '../../../src/core/failure.ts'
import { keyOf } from '../../../src/runtime/store.ts'
import { SERVICES } from '../../../src/simulator/services/index.ts'
import { createSimulator, type Simulator } from '../../../src/simulator/simulator.ts'
import { TEST_REGION } from '../../support/aws.ts'
import { createDirectCouriers } from '../../support/direct-couriers.ts'
import { createSession } from '../../../src/aws/session.ts'
import { createHandClock, type HandClock } from '../../support/hand-clock.ts'
import { createMemoryCluster, type MemoryCluster } from '../../support/memory-cluster.ts'
import { createFixedRandom } from '../../support/fixed-random.ts'
import { withAwsTroubles } from './aws-troubles.ts'
import { essenceOf, thingsIn, type Thing } from './aws-view.ts'
import type { History, Step } from './history.ts'
import { withTroubles } from './kube-troubles.ts'
import { startLife, INSTALLATION, type Life } from './life.ts'
import { createWatchfulLog, type WatchfulLog } from './watchful-log.ts'
import { noMetrics } from './no-metrics.ts'
import { awsName, BAD_IMAGE, firstWishes, NAMESPACE, SLOTS, specOf, typeOf, type Slot, type Wishes } from './slots.ts'

const ACCOUNT = '123456789012'
export const OTHER_ACCOUNT = '210987654321'
const PEOPLE_KEY = `AKIA${ACCOUNT}PEOPLE`

/** One history's world: a cluster and AWS accounts that live through it, and an operator that may die in it. */
export interface Stage {
  readonly clock: HandClock
  readonly cluster: MemoryCluster
  readonly simulator: Simulator
  readonly log: WatchfulLog
  /** What users want now, of the objects that they have not deleted. */
  readonly wishes: ReadonlyMap<Slot, Wishes>
  /** What strangers made, as it was when they made it, by ARN. */
  readonly foreign: Map<string, string>
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
  const virtual = { now: () => clock.now(), after: (seconds: number, run: () => void) => clock.schedule(seconds, run) }
  const scenario = { images: { [BAD_IMAGE]: { type: 'cannot-pull' } } } as const
  const simulator = createSimulator({ services: SERVICES, clock: virtual, scenario })
  const isPastAsked = history.some((step) => step.type === 'aws-trouble' && step.trouble === 'answers with the past')
  // Answers can go back to what is recorded, and recording costs time.
  if (isPastAsked) simulator.faults.add({ operation: 'none', effect: { type: 'stale-read', seconds: 1 } })
  const log = createWatchfulLog()
  const aws = withAwsTroubles(simulator)
  const kube = withTroubles(cluster, clock)
  const people = createSession({
    region: TEST_REGION,
    clock,
    metrics: noMetrics,
    couriers: createDirectCouriers(simulator, { accessKeyId: PEOPLE_KEY, region: TEST_REGION }),
  })
  const wishes = new Map<Slot, Wishes>()
  const foreign = new Map<string, string>()
  const released = new Set<Slot>()
  const forgotten = new Set<Slot>()
  let accountId = ACCOUNT
  let restoreAt = -Infinity
  const outside = {
    clock,
    cluster: kube.cluster,
    aws,
    random: createFixedRandom(0.5),
    log: log.log,
    accountId: () => (clock.now() < restoreAt ? OTHER_ACCOUNT : accountId),
  }
  const start = (): void => {
    life = startLife(outside, () => void clock.schedule(1, start))
  }
  let life = startLife(outside, () => void clock.schedule(1, start))

  const refOf = (slot: Slot) => ({ namespace: NAMESPACE, name: slot })
  const object = (slot: Slot) => cluster.storeOf(typeOf(slot)).get(keyOf({ metadata: refOf(slot) }))
  const stage: Stage = {
    clock,
    cluster,
    simulator,
    log,
    wishes,
    foreign,
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
    life: () => life,
    useAccount: (id) => void (accountId = id),
    endTroubles: () => {
      aws.end()
      kube.end()
      restoreAt = -Infinity
      life.dieAfter(Infinity)
    },
    restart: async () => {
      life.die()
      start()
      await clock.advance(0)
    },
    perform,
  }
  await clock.advance(0)
  return stage

  async function perform(step: Step): Promise<void> {
    await act(step).catch(ignoreRefusal)
    // Long enough that work begins, too short for it to end.
    if (step.type !== 'wait') await clock.advance(0)
  }

  async function act(step: Step): Promise<void> {
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
      default:
        return disturb(step)
    }
  }

  async function disturb(step: Step): Promise<void> {
    switch (step.type) {
      case 'aws-trouble':
        return aws.add(step.trouble, step)
      case 'kube-trouble':
        return kube.add(step.trouble, step)
      case 'wrong-account':
        return void (restoreAt = clock.now() + step.seconds * 1000)
      case 'cut-watches':
        return kube.cut()
      case 'lag':
        return kube.lag(step.seconds)
      case 'crash':
        return life.dieAfter(step.afterCalls)
      case 'wait':
        return clock.advance(step.seconds)
      default:
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
    if (found.metadata.annotations?.['longshore.dev/deletion-policy'] === 'Retain') released.add(slot)
    wishes.delete(slot)
    await cluster.remove(typeOf(slot), refOf(slot), signal)
  }

  async function annotate(slot: Slot, name: string, value: string | null): Promise<void> {
    const found = object(slot)
    if (found === undefined) return
    if (value === 'Retain') released.add(slot)
    const body = { metadata: { annotations: { [`longshore.dev/${name}`]: value } } }
    await cluster.mergePatch(typeOf(slot), refOf(slot), { fieldManager: 'user', body }, signal)
  }

  async function loseStatus(slot: Slot): Promise<void> {
    if (object(slot) === undefined) return
    forgotten.add(slot)
    const patch = { fieldManager: 'user', subresource: 'status', body: { status: null } } as const
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
    await (deed === 'delete' ? deleteByHand(people, thing) : changeByHand(people, thing))
  }

  async function stranger(slot: Slot): Promise<void> {
    if (thingOf(slot) !== undefined) return
    await makeAsStranger(people, slot, (wishes.get(slot) ?? firstWishes(slot)).cluster)
    const made = thingOf(slot)
    if (made !== undefined) foreign.set(made.arn, essenceOf(made))
  }
}

/** People are refused as well: what they tried did not happen. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Failure)) throw error
}

async function deleteByHand({ ecr, ecsClusters, ecsServices }: AwsSession, thing: Thing): Promise<void> {
  if (thing.type === 'repository') await ecr.deleteRepository(thing.name, true, signal)
  if (thing.type === 'cluster') await ecsClusters.deleteCluster(thing.name, signal)
  if (thing.type === 'service') {
    await ecsServices.deleteService({ cluster: thing.state.cluster, service: thing.name }, signal)
  }
}

async function changeByHand({ ecr, ecsClusters, ecsServices }: AwsSession, thing: Thing): Promise<void> {
  const team = { team: 'by-hand' }
  if (thing.type === 'repository') {
    const imageTagMutability = thing.state.mutability === 'MUTABLE' ? 'IMMUTABLE' : 'MUTABLE'
    await ecr.putTagMutability(thing.name, { imageTagMutability, exclusionFilters: [] }, signal)
    await ecr.tag(thing.arn, team, signal)
  }
  if (thing.type === 'cluster') {
    const isOn = thing.state.settings.some(({ value }) => value === 'enabled')
    await ecsClusters.updateCluster(thing.name, { containerInsights: isOn ? 'disabled' : 'enabled' }, signal)
    await ecsClusters.tag(thing.arn, team, signal)
  }
  if (thing.type === 'service') {
    await ecsServices.updateService({ cluster: thing.state.cluster, service: thing.name, desiredCount: 4 }, signal)
    await ecsServices.tag(thing.arn, team, signal)
  }
}

const STRANGER = { owner: 'stranger' }

async function makeAsStranger(people: AwsSession, slot: Slot, cluster: string): Promise<void> {
  const name = awsName(slot)
  if (slot.startsWith('r')) {
    await people.ecr.createRepository({ repositoryName: name, tags: STRANGER }, signal)
  } else if (slot.startsWith('c')) {
    await people.ecsClusters.createCluster({ clusterName: name, tags: STRANGER }, signal)
  } else {
    const container = { name: 'app', image: 'stranger:v1', essential: true }
    const content = {
      containerDefinitions: [container],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      requiresCompatibilities: ['FARGATE'],
    } as const
    const arn = await people.ecsTaskDefinitions.register({ family: 'stranger', content, tags: STRANGER }, signal)
    await people.ecsServices.createService(
      {
        cluster: awsName(cluster as Slot),
        serviceName: name,
        taskDefinition: arn,
        desiredCount: 0,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
        tags: STRANGER,
      },
      signal,
    )
  }
}
