import {
  CloudWatchLogsClient,
  type ServiceInputTypes as LogsInput,
  type ServiceOutputTypes as LogsOutput,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  ECRClient,
  type ServiceInputTypes as EcrInput,
  type ServiceOutputTypes as EcrOutput,
} from '@aws-sdk/client-ecr'
import {
  ECSClient,
  type ServiceInputTypes as EcsInput,
  type ServiceOutputTypes as EcsOutput,
} from '@aws-sdk/client-ecs'
import {
  STSClient,
  type ServiceInputTypes as StsInput,
  type ServiceOutputTypes as StsOutput,
} from '@aws-sdk/client-sts'
import type { Clock, Instant, Metrics } from '../core/ports.ts'
import { clientConfigFrom, type ClientOptions } from './client-config.ts'
import { openCourier, type Courier } from './courier.ts'
import { createEcrPort, createRepositoryReader, type EcrPort } from './ecr.ts'
import { createEcrPreviewPort, type EcrPreviewPort } from './ecr-preview.ts'
import { createClusterReader, createEcsClusterPort, type EcsClusterPort } from './ecs-cluster.ts'
import { createRolloutCache } from './ecs-rollouts.ts'
import { createEcsServicePort, createServiceReader, type EcsServicePort } from './ecs-service.ts'
import { createEcsTaskDefinitionPort, type EcsTaskDefinitionPort, type RevisionCache } from './ecs-task-definition.ts'
import type { BatchTiming, SharedLoad } from './batch.ts'
import { createInterruptedPasses, type PassCalls } from './interrupted.ts'
import { createLogGroupReader, createLogsPort, type LogsPort } from './logs.ts'
import type { Claimant, Pace } from './pace.ts'
import { awsCallsCounter, createSend, type SendContext } from './send.ts'
import { createStsPort, type StsPort } from './sts.ts'

/** The narrow ports to one AWS account and region. Every method throws `Failure`. */
export interface AwsSession {
  readonly ecr: EcrPort
  readonly ecrPreviews: EcrPreviewPort
  readonly ecsClusters: EcsClusterPort
  readonly ecsServices: EcsServicePort
  readonly ecsTaskDefinitions: EcsTaskDefinitionPort
  readonly logs: LogsPort
  readonly sts: StsPort
  /** Since when AWS may have changed without the reads of this pass showing it, if some are not its own but the pass's before. */
  readonly readsSince: () => Instant | undefined
  /**
   * The same couriers; calls made through it name the object in their user agent, and wait for its turn. `isOver` says
   * whether the pass that it is for has ended; absent: never.
   */
  readonly actingFor: (claimant: Claimant, isOver?: () => boolean) => AwsSession
}

/** What takes commands to the services. */
export type AwsCouriers = Readonly<Record<'ecr' | 'ecs' | 'logs' | 'sts', Courier>>

export interface SessionOptions extends ClientOptions {
  readonly clock: Clock
  readonly metrics: Metrics
  /** Absent: they go by the SDK's clients, opened with the settings above. */
  readonly couriers?: AwsCouriers | undefined
  /** Absent: calls go out as fast as they come. */
  readonly pace?: Pace | undefined
  /** Whether calls may go out; asked last before each is written to its connection. Absent: always. */
  readonly maySend?: (() => boolean) | undefined
  /** After this a call counts as lost. */
  readonly deadlineSeconds?: number
  /** How long a read waits for others to share a call with. */
  readonly batchWindowSeconds?: number
}

const DEADLINE_SECONDS = 30
const BATCH_WINDOW_SECONDS = 0.01

/** Opens the ports to AWS in one region. Nothing is sent before the first call. */
export function createSession(options: SessionOptions): AwsSession {
  const { clock, pace, maySend, deadlineSeconds = DEADLINE_SECONDS } = options
  const couriers = options.couriers ?? openCouriers(options)
  const calls = awsCallsCounter(options.metrics)
  const sendersOf = (claimant: Claimant | undefined, pass?: PassCalls): Senders =>
    createSenders(couriers, { clock, calls, deadlineSeconds, pace, claimant, pass, maySend })

  // Batches serve many objects at once, so they act for none of them.
  const anybody = sendersOf(undefined)
  const readers = createReaders(anybody, { clock, windowSeconds: options.batchWindowSeconds ?? BATCH_WINDOW_SECONDS })
  const caches: Caches = { revisions: new Map(), rollouts: createRolloutCache() }
  const passes = createInterruptedPasses(clock)

  const sessionOf = (claimant: Claimant | undefined, isOver?: () => boolean): AwsSession => {
    const pass = pace && claimant?.owner && passes.begin(claimant.key, isOver)
    const senders = claimant === undefined ? anybody : sendersOf(claimant, pass)
    const own = <Value, Key>(name: string, load: SharedLoad<Value, Key>): OwnLoad<Value, Key> => {
      const read: OwnLoad<Value, Key> = (key, signal) => load(key, signal, claimant)
      if (pass === undefined) return read
      return (key, signal) => pass.read(`${name} ${JSON.stringify(key)}`, () => read(key, signal))
    }
    const readsSince = (): Instant | undefined => pass?.oldestRecalled()
    return openSession({ clock, couriers, senders, readers, caches, own, readsSince, sessionOf })
  }
  return sessionOf(undefined)
}

type OwnLoad<Value, Key> = (key: Key, signal: AbortSignal) => Promise<Value | undefined>

interface Parts {
  readonly clock: Clock
  readonly couriers: AwsCouriers
  readonly senders: Senders
  readonly readers: ReturnType<typeof createReaders>
  readonly caches: Caches
  /** A shared read, for whom the session acts. */
  readonly own: <Value, Key>(name: string, load: SharedLoad<Value, Key>) => OwnLoad<Value, Key>
  readonly readsSince: AwsSession['readsSince']
  readonly sessionOf: AwsSession['actingFor']
}

interface Caches {
  readonly revisions: RevisionCache
  readonly rollouts: ReturnType<typeof createRolloutCache>
}

/** Each port is made when somebody asks for it: every pass has a session of its own, and talks to a service or two. */
function openSession(parts: Parts): AwsSession {
  const { clock, couriers, senders, readers, caches, own, readsSince, sessionOf } = parts
  const ecr = once(() => createEcrPort(senders.ecr(), own('repository', readers.repository)))
  const ecrPreviews = once(() => createEcrPreviewPort(senders.ecr(), clock))
  const ecsClusters = once(() => createEcsClusterPort(senders.ecs(), own('cluster', readers.cluster)))
  const ecsServices = once(() => {
    const readService = own('service', readers.service)
    return createEcsServicePort({ send: senders.ecs(), readService, cache: caches.rollouts })
  })
  const tasks = once(() => createEcsTaskDefinitionPort({ send: senders.ecs(), cache: caches.revisions }))
  const logs = once(() => createLogsPort(senders.logs(), own('log group', readers.logGroup)))
  const sts = once(() => createStsPort({ send: senders.sts(), credentials: () => couriers.sts.credentials() }))
  return {
    get ecr() {
      return ecr()
    },
    get ecrPreviews() {
      return ecrPreviews()
    },
    get ecsClusters() {
      return ecsClusters()
    },
    get ecsServices() {
      return ecsServices()
    },
    get ecsTaskDefinitions() {
      return tasks()
    },
    get logs() {
      return logs()
    },
    get sts() {
      return sts()
    },
    readsSince,
    actingFor: sessionOf,
  }
}

function createReaders({ ecr, ecs, logs }: Senders, timing: BatchTiming) {
  return {
    repository: createRepositoryReader(ecr(), timing),
    cluster: createClusterReader(ecs(), timing),
    service: createServiceReader(ecs(), timing),
    logGroup: createLogGroupReader(logs(), timing),
  }
}

type Senders = ReturnType<typeof createSenders>

/** What sends commands to each service, made when it is needed. */
function createSenders(couriers: AwsCouriers, context: SendContext) {
  return {
    ecr: once(() => createSend<EcrInput, EcrOutput>('ecr', couriers.ecr, context)),
    ecs: once(() => createSend<EcsInput, EcsOutput>('ecs', couriers.ecs, context)),
    logs: once(() => createSend<LogsInput, LogsOutput>('logs', couriers.logs, context)),
    sts: once(() => createSend<StsInput, StsOutput>('sts', couriers.sts, context)),
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function openCouriers(options: SessionOptions): AwsCouriers {
  const config = clientConfigFrom(options)
  return {
    ecr: openCourier(new ECRClient(config), options.clock),
    ecs: openCourier(new ECSClient(config), options.clock),
    logs: openCourier(new CloudWatchLogsClient(config), options.clock),
    sts: openCourier(new STSClient(config), options.clock),
  }
}
