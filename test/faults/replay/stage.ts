import { createSession, type AwsSession } from '../../../src/aws/session.ts'
import { Failure } from '../../../src/core/failure.ts'
import type { KubeObject, ResourceType } from '../../../src/kube/cluster.ts'
import { createSystemClock } from '../../../src/runtime/clock.ts'
import { REGION } from '../../support/simulator-process.ts'
import type { Aftermath } from '../explorer/aftermath.ts'
import { isRead } from '../explorer/aws-troubles.ts'
import { thingsIn, type Thing } from '../explorer/aws-view.ts'
import { createMemory, perform, type Memory, type Scene } from '../explorer/deeds.ts'
import { noMetrics } from '../explorer/no-metrics.ts'
import { BAD_IMAGE, NAMESPACE, OTHER_ACCOUNT, SLOTS, typeOf, type Slot } from '../explorer/slots.ts'
import { ACCOUNT, isDeed } from '../explorer/stage.ts'
import type { Mishap, Step } from '../explorer/step.ts'
import { FAULT_RULES, openAwsTap, type AwsTap } from './aws-tap.ts'
import { createFuse, type Fuse } from './fuse.ts'
import { openTroubledApiServer, type TroubledApiServer } from './kube-troubles.ts'
import { startOperator, type Operator } from './operator.ts'
import type { Room } from './room.ts'
import { realSecondsOf, sleep, SPEED } from './time.ts'

/** One history's world: real processes, and people and mishaps around them. */
export interface ReplayStage extends AsyncDisposable {
  perform(step: Step): Promise<void>
  /** Faults are over, and the operator begins anew, once more by `kill -9`: what it waits for would take minutes of ours. */
  heal(): Promise<void>
  /** The operator begins anew, by `kill -9`; resolves when it has looked and asks nobody anything any more. */
  settle(): Promise<void>
  useAccount(accountId: string): Promise<void>
  /** What the operator changed so far, in AWS and in the cluster. */
  writes(): readonly string[]
  /** What the operator serves to Prometheus. */
  metrics(): Promise<string>
  /** Everything as it is now. */
  look(): Promise<Aftermath>
  readonly people: AwsSession
  readonly memory: Memory
}

const signal = new AbortController().signal
/** Long enough that work begins, too short for it to end. */
const MOMENT_SECONDS = 0.02
const QUIET_SECONDS = 1
const PATIENCE_SECONDS = 60
const EVENTS: ResourceType = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
}

export async function openStage(room: Room): Promise<ReplayStage> {
  const { simulator } = room
  await simulator.reset()
  await simulator.setImages({ [BAD_IMAGE]: { type: 'cannot-pull' } })
  await simulator.setFaults(FAULT_RULES)
  let operator: Operator | undefined
  const fuse = createFuse(() => operator?.die())
  const aws = await openAwsTap({ simulatorUrl: simulator.url, fuse, speed: SPEED })
  const kube = await openTroubledApiServer(room.operatorKubeconfigPath, fuse)
  operator = await startOperator({
    processes: room.processes,
    name: `operator-${room.nextSerial()}`,
    kubeconfigPath: kube.kubeconfigPath,
    awsUrl: aws.url,
    accountId: ACCOUNT,
  })
  return createStage(room, { fuse, aws, kube, operator })
}

interface Surroundings {
  readonly fuse: Fuse
  readonly aws: AwsTap
  readonly kube: TroubledApiServer
  readonly operator: Operator
}

function createStage(room: Room, around: Surroundings): ReplayStage {
  const { aws, kube, fuse, operator } = around
  const memory = createMemory()
  const people = createSession({
    region: REGION,
    clock: createSystemClock(),
    metrics: noMetrics,
    endpoint: room.simulator.url,
    credentials: { accessKeyId: `AKIA${ACCOUNT}PEOPLE`, secretAccessKey: 'simulated' },
  })
  const scene: Scene = {
    cluster: room.cluster,
    people,
    accountId: ACCOUNT,
    memory,
    now: () => Date.now(),
    object: async (slot) => (await objectsIn(room)).find(([candidate]) => candidate === slot)?.[1],
    things: () => thingsOf(room),
  }
  const useAccount = async (accountId: string): Promise<void> => {
    operator.useAccount(accountId)
    await operator.restart()
  }
  return {
    people,
    memory,
    useAccount,
    perform: async (step) => {
      await (isDeed(step)
        ? perform(step, scene).catch(ignoreRefusal)
        : disturb(step, { ...around, compact: room.compact }))
      if (step.type !== 'wait') await sleep(MOMENT_SECONDS)
    },
    heal: async () => {
      fuse.putOut()
      aws.clear()
      kube.clear()
      await useAccount(ACCOUNT)
    },
    writes: () => writesIn(around),
    settle: async () => {
      const atFirst = askedIn(around)
      await operator.restart()
      await untilQuiet(around, atFirst)
    },
    metrics: () => operator.metrics(),
    look: () => aftermathOf(room, memory, operator),
    [Symbol.asyncDispose]: async () => {
      await operator.end()
      await Promise.all([aws[Symbol.asyncDispose](), kube[Symbol.asyncDispose]()])
      await sweep(room)
    },
  }
}

type Disturbed = Surroundings & Pick<Room, 'compact'>

/** Times of a history are its own; here they pass faster. */
async function disturb(step: Mishap, { fuse, aws, kube, operator, compact }: Disturbed): Promise<void> {
  switch (step.type) {
    case 'aws-trouble':
      return aws.add(step.trouble, step)
    case 'kube-trouble':
      return kube.add(step.trouble, step)
    case 'wrong-account':
      // As it happens: somebody deploys it with the wrong role, and sees it.
      operator.useAccount(OTHER_ACCOUNT)
      operator.die()
      return void sleep(realSecondsOf(step.seconds)).then(() => {
        operator.useAccount(ACCOUNT)
        operator.die()
      })
    case 'cut-watches':
      if (step.trouble === 'gone' && compact !== undefined) return kube.cutDuring(compact())
      return kube.cut(step.trouble === 'none' ? undefined : step.trouble, step.count)
    case 'lag':
      return kube.lag(realSecondsOf(step.seconds))
    case 'outage':
      // Who was away for long finds its version gone.
      kube.fail(realSecondsOf(step.seconds))
      return compact?.()
    case 'crash':
      return fuse.light(step.afterCalls)
    case 'stand-by':
      // Real replicas have tests of their own (`test/faults/*-leader.test.ts`): here each life begins with new stores.
      return
    case 'hand-over':
      return operator.stop()
    case 'wait':
      return sleep(realSecondsOf(step.seconds))
  }
}

/** `atFirst`: how much had been asked when this life began. */
async function untilQuiet(around: Surroundings, atFirst: number): Promise<void> {
  const patience = performance.now() + PATIENCE_SECONDS * 1000
  for (let before = atFirst; performance.now() < patience; before = askedIn(around)) {
    await sleep(QUIET_SECONDS)
    const now = askedIn(around)
    if (now > atFirst && now === before) return
  }
  throw new Error(`the operator is not quiet after ${PATIENCE_SECONDS} s`)
}

function askedIn({ aws, kube }: Surroundings): number {
  return aws.calls.length + kube.requests.length
}

function writesIn({ aws, kube }: Surroundings): readonly string[] {
  const inCluster = kube.requests.filter(({ method }) => method !== 'GET')
  return [...aws.calls.filter((call) => !isRead(call)), ...inCluster.map(({ method, path }) => `${method} ${path}`)]
}

async function thingsOf({ simulator }: Room): Promise<readonly Thing[]> {
  const state = await simulator.state()
  return thingsIn({ dump: () => state })
}

async function objectsIn({ cluster }: Room): Promise<readonly (readonly [Slot, KubeObject])[]> {
  const plurals = new Map(SLOTS.map((slot) => [typeOf(slot).plural, typeOf(slot)]))
  const lists = await Promise.all(
    [...plurals.values()].map((type) => cluster.list(type, { namespace: NAMESPACE }, signal)),
  )
  const found = lists.flatMap(({ items }) => items)
  return SLOTS.flatMap((slot) => {
    const object = found.find(({ kind, metadata }) => kind === typeOf(slot).kind && metadata.name === slot)
    return object === undefined ? [] : [[slot, object] as const]
  })
}

async function aftermathOf(room: Room, memory: Memory, operator: Operator): Promise<Aftermath> {
  const [things, objects, events, scandals] = await Promise.all([
    thingsOf(room),
    objectsIn(room),
    room.cluster.list(EVENTS, { namespace: NAMESPACE }, signal),
    operator.scandals(),
  ])
  return {
    ...memory,
    object: (slot) => objects.find(([candidate]) => candidate === slot)?.[1],
    objects: () => objects,
    things: () => things,
    events: () => events.items,
    scandals: () => scandals,
  }
}

/** What a replay that went wrong left behind is nobody else's business. */
async function sweep(room: Room): Promise<void> {
  for (const [slot] of await objectsIn(room)) {
    const ref = { namespace: NAMESPACE, name: slot }
    const patch = { fieldManager: 'users', body: { metadata: { finalizers: null } } }
    await room.cluster.mergePatch(typeOf(slot), ref, patch, signal).catch(ignoreRefusal)
    await room.cluster.remove(typeOf(slot), ref, signal).catch(ignoreRefusal)
  }
}

/** People are refused as well: what they tried did not happen. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Failure)) throw error
}
