import assert from 'node:assert/strict'
import { ecsServiceKind } from '../../src/kinds/ecs-service/index.ts'
import type { EcsServiceStatus } from '../../src/kinds/ecs-service/schema.ts'
import type { KubeObject, ResourceType } from '../../src/kube/cluster.ts'
import { createEngine } from '../../src/reconciler/engine.ts'
import { statusOf, type CommonStatus } from '../../src/reconciler/managed.ts'
import type { Scope } from '../../src/reconciler/resource.ts'
import type { RecordedEvent } from '../../src/runtime/event-recorder.ts'
import type { ReconcileResult } from '../../src/runtime/reconcile.ts'
import type { LoggedCall } from '../../src/simulator/call-log.ts'
import type { FaultRule } from '../../src/simulator/faults.ts'
import type { ImageBehaviour } from '../../src/simulator/service.ts'
import { createTestAws } from './aws.ts'
import { createFixedRandom } from './fixed-random.ts'
import type { ObjectStore } from '../../src/runtime/store.ts'
import { createMemoryCluster } from './memory-cluster.ts'
import { createLogRecorder } from './recorders.ts'

const TYPE: ResourceType = {
  group: 'longshore.dev',
  version: 'v1alpha1',
  plural: 'ecsservices',
  kind: 'EcsService',
  namespaced: true,
}
const KEY = 'demo/hello'
const SETTLE_SECONDS = 15

type Spec = Readonly<Record<string, unknown>>

/** One EcsService from the API server's side to simulated AWS, in one process, on one clock that is wound by hand. */
export async function createServiceWorld(images: Readonly<Record<string, ImageBehaviour>> = {}) {
  const aws = createTestAws({ scenario: { images } })
  // Once the cluster is there, only what the kind declares is allowed.
  const allowed = [
    ...new Set(ecsServiceKind.resources.flatMap(({ permissions }) => permissions.map(({ action }) => action))),
  ]
  const { clock, simulator, session, drive } = aws
  const cluster = createMemoryCluster(() => clock.now())
  const events: RecordedEvent[] = []
  const signal = new AbortController().signal
  let store: ObjectStore = cluster.storeOf(TYPE)
  await drive(session.ecsClusters.createCluster({ clusterName: 'main', tags: {} }, signal))
  simulator.setPermissions({ '*': allowed })

  const start = () => {
    // What a process knows of AWS ends with it.
    const scope: Scope = { accountId: aws.accountId, region: aws.region, partition: 'aws', aws: aws.sessionFor({}) }
    return createEngine({
      kind: ecsServiceKind,
      type: TYPE,
      cluster,
      store: { get: (key) => store.get(key), list: () => store.list(), byIndex: () => [] },
      storeOf: () => undefined,
      scopeFor: async () => scope,
      events: { record: (event) => void events.push(event) },
      mayWrite: () => true,
      sweeps: false,
      clock,
      random: createFixedRandom(0.5),
      logger: createLogRecorder().log,
      settings: { installationId: 'here', settleSeconds: SETTLE_SECONDS, drift: 'Repair', blinkSeconds: 0.3 },
    })
  }
  let engine = start()
  let seen = simulator.log.calls().filter(isWrite).length

  const object = (): KubeObject => cluster.storeOf(TYPE).get(KEY) ?? assert.fail('the object is gone')
  const world = {
    aws,
    events,
    object,
    /** Status as users see it. */
    status: () => statusOf(object()) as CommonStatus & EcsServiceStatus,
    ready: () => world.status().conditions?.find(({ type }) => type === 'Ready'),
    apply: (spec: Spec, annotations: Readonly<Record<string, string>> = {}) =>
      void cluster.apply(TYPE, { metadata: { namespace: 'demo', name: 'hello', annotations }, spec }),
    isGone: () => cluster.storeOf(TYPE).get(KEY) === undefined,
    remove: () => cluster.remove(TYPE, { namespace: 'demo', name: 'hello' }, signal),
    /** As if the object had never been in this cluster; AWS keeps what it made. */
    loseObject: async () => {
      const ref = { namespace: 'demo', name: 'hello' }
      const patch = { fieldManager: 'x', body: { metadata: { finalizers: [] } } }
      await cluster.remove(TYPE, ref, signal)
      await cluster.mergePatch(TYPE, ref, patch, signal)
    },
    restart: () => void (engine = start()),
    loseStatus: async () => {
      const patch = { fieldManager: 'x', subresource: 'status', body: { status: null } } as const
      await cluster.mergePatch(TYPE, { namespace: 'demo', name: 'hello' }, patch, signal)
    },
    /** From now on the operator's cache shows this, until it is thawed. */
    showCached: (object: KubeObject) => void (store = { ...store, get: () => object, list: () => [object] }),
    thawCache: () => void (store = cluster.storeOf(TYPE)),
    kubernetesWrites: () => cluster.writes.length,
    pass: (): Promise<ReconcileResult> => drive(engine(KEY, signal)),
    /** Passes, as often as the engine asks for it, for so long. */
    run: async (seconds: number) => {
      const end = clock.now() + seconds * 1000
      while (clock.now() < end && !world.isGone()) {
        const result = await world.pass()
        await clock.advance(Math.min(pauseAfter(result), Math.max(1, (end - clock.now()) / 1000)))
      }
    },
    fault: (rule: FaultRule) => void simulator.faults.add(rule),
    /** Declared actions that no call has used so far. */
    unusedActions: (): readonly string[] => {
      const used = new Set(simulator.log.calls().map(({ service, operation }) => `${service}:${operation}`))
      return allowed.filter((action) => !used.has(action))
    },
    /** Operations that changed AWS since the call before, in order. */
    newWrites: (): readonly string[] => {
      const writes = simulator.log.calls().filter(isWrite)
      const fresh = writes.slice(seen).map(({ operation }) => operation)
      seen = writes.length
      return fresh
    },
  }
  return world
}

function isWrite({ operation, errorCode }: LoggedCall): boolean {
  return errorCode === undefined && !/^(Describe|List)/.test(operation)
}

/** A spec for one container of this image, without desiredCount unless given. */
export function serviceSpec(image: string, changes: Spec = {}): Spec {
  const logConfiguration = { logDriver: 'awslogs' }
  return {
    clusterName: 'main',
    launchType: 'FARGATE',
    taskDefinition: {
      cpu: '256',
      memory: '512',
      executionRoleArn: 'arn:aws:iam::123456789012:role/ecs-execution',
      containerDefinitions: [{ name: 'hello', image, portMappings: [{ containerPort: 80 }], logConfiguration }],
    },
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'] } },
    deploymentConfiguration: {
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    ...changes,
  }
}

function pauseAfter(result: ReconcileResult): number {
  switch (result.type) {
    case 'done':
      return 60
    case 'requeue-after':
      return Math.max(0.1, result.seconds)
    case 'retry':
      return Math.max(1, result.minimumSeconds)
  }
}
