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
import type { Clock, Metrics } from '../core/ports.ts'
import { clientConfigFrom, type ClientOptions } from './client-config.ts'
import { openCourier, type Courier } from './courier.ts'
import { createEcrPort, createRepositoryReader, type EcrPort } from './ecr.ts'
import { createClusterReader, createEcsClusterPort, type EcsClusterPort } from './ecs-cluster.ts'
import { createRolloutCache } from './ecs-rollouts.ts'
import { createEcsServicePort, createServiceReader, type EcsServicePort } from './ecs-service.ts'
import { createEcsTaskDefinitionPort, type EcsTaskDefinitionPort, type RevisionCache } from './ecs-task-definition.ts'
import type { SharedLoad } from './batch.ts'
import { createInterruptedPasses, type PassCalls } from './interrupted.ts'
import { createLogGroupReader, createLogsPort, type LogsPort } from './logs.ts'
import type { Claimant, Pace } from './pace.ts'
import { awsCallsCounter, createSend } from './send.ts'
import { createStsPort, type StsPort } from './sts.ts'

/** The narrow ports to one AWS account and region. Every method throws `Failure`. */
export interface AwsSession {
  readonly ecr: EcrPort
  readonly ecsClusters: EcsClusterPort
  readonly ecsServices: EcsServicePort
  readonly ecsTaskDefinitions: EcsTaskDefinitionPort
  readonly logs: LogsPort
  readonly sts: StsPort
  /** The same couriers; calls made through it name the object in their user agent, and wait for its turn. */
  readonly actingFor: (claimant: Claimant) => AwsSession
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
  const couriers = options.couriers ?? openCouriers(options)
  const calls = awsCallsCounter(options.metrics)
  const { clock, pace, maySend, deadlineSeconds = DEADLINE_SECONDS } = options
  const sendersFor = (claimant: Claimant | undefined, pass?: PassCalls) => {
    const context = { clock, calls, deadlineSeconds, pace, claimant, pass, maySend }
    return {
      ecr: createSend<EcrInput, EcrOutput>('ecr', couriers.ecr, context),
      ecs: createSend<EcsInput, EcsOutput>('ecs', couriers.ecs, context),
      logs: createSend<LogsInput, LogsOutput>('logs', couriers.logs, context),
      sts: createSend<StsInput, StsOutput>('sts', couriers.sts, context),
    }
  }
  const revisions: RevisionCache = new Map()
  const rollouts = createRolloutCache()

  // Batches serve many objects at once, so they act for none of them.
  const anybody = sendersFor(undefined)
  const timing = { clock, windowSeconds: options.batchWindowSeconds ?? BATCH_WINDOW_SECONDS }
  const repository = createRepositoryReader(anybody.ecr, timing)
  const cluster = createClusterReader(anybody.ecs, timing)
  const service = createServiceReader(anybody.ecs, timing)
  const logGroup = createLogGroupReader(anybody.logs, timing)

  const passes = createInterruptedPasses(clock)
  const sessionOf = (claimant: Claimant | undefined): AwsSession => {
    const pass = pace && claimant?.owner && passes.begin(claimant.key)
    const send = claimant === undefined ? anybody : sendersFor(claimant, pass)
    const own = <Value, Key>(name: string, load: SharedLoad<Value, Key>) => {
      const read = (key: Key, signal: AbortSignal) => load(key, signal, claimant)
      if (pass === undefined) return read
      return (key: Key, signal: AbortSignal) => pass.read(`${name} ${JSON.stringify(key)}`, () => read(key, signal))
    }
    return {
      ecr: createEcrPort(send.ecr, own('repository', repository)),
      ecsClusters: createEcsClusterPort(send.ecs, own('cluster', cluster)),
      ecsServices: createEcsServicePort({ send: send.ecs, readService: own('service', service), cache: rollouts }),
      ecsTaskDefinitions: createEcsTaskDefinitionPort({ send: send.ecs, cache: revisions }),
      logs: createLogsPort(send.logs, own('log group', logGroup)),
      sts: createStsPort({ send: send.sts, credentials: () => couriers.sts.credentials() }),
      actingFor: sessionOf,
    }
  }
  return sessionOf(undefined)
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
