import { hostname } from 'node:os'
import { createPace, type Pace } from '../../aws/pace.ts'
import { createSession, type AwsSession } from '../../aws/session.ts'
import { Failure } from '../../core/failure.ts'
import type { Shard } from '../../core/shard.ts'
import type { Clock, Logger, Random } from '../../core/ports.ts'
import type { Cluster } from '../../kube/cluster.ts'
import { connectInCluster, type Connection } from '../../kube/connect.ts'
import { connectFromKubeconfig } from '../../kube/kubeconfig.ts'
import { createLeaseClient } from '../../kube/lease.ts'
import { createCluster } from '../../kube/real-cluster.ts'
import { createTransport, type Transport } from '../../kube/transport.ts'
import { createSystemClock, createSystemRandom } from '../../runtime/clock.ts'
import { measureEventLoop } from '../../runtime/event-loop.ts'
import { createEventRecorder, type FlushedEventRecorder } from '../../runtime/events.ts'
import { startHealthServer } from '../../runtime/health.ts'
import { Elector } from '../../runtime/leader.ts'
import { Manager } from '../../runtime/manager.ts'
import { proxyFrom, type Environment, type OperatorConfig } from '../config.ts'
import { createControllers, type Controllers } from '../controllers.ts'
import { kinds } from '../kinds.ts'
import { createLogger } from '../logger.ts'
import { createMetrics, type ScrapedMetrics } from '../metrics.ts'
import { createOwnScope } from '../scope.ts'
import { version } from '../version.ts'

const LEASE_NAME = 'longshore'
const CONTROLLER_NAME = 'longshore.dev/operator'
/** Connections beyond those of the workers: events, lists, health. */
const SPARE_CONNECTIONS = 8
/** A pass that lasts longer says first that it has seen the change. */
const BLINK_SECONDS = 0.3

/** What the parts of the operator share. */
interface Base {
  readonly config: OperatorConfig
  /** For the credential plugins of a kubeconfig, and the proxy. */
  readonly environment: Environment
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: ScrapedMetrics
  /** Unique to this process. */
  readonly identity: string
}

/** Runs the operator until the signal fires and everything has stopped; answers the exit code. */
export async function run(config: OperatorConfig, environment: Environment, signal: AbortSignal): Promise<number> {
  const log = createLogger({ level: config.logLevel })
  const random = createSystemRandom()
  const identity = `${hostname()}-${random.uuid().slice(0, 8)}`
  const clock = createSystemClock()
  const base: Base = { config, environment, clock, random, log, metrics: createMetrics(), identity }
  try {
    await operate(base, signal)
    return 0
  } catch (error) {
    if (signal.aborted) return 0
    log.error({ error }, 'the operator cannot go on')
    return 1
  }
}

async function operate(base: Base, signal: AbortSignal): Promise<void> {
  const { config, metrics, log } = base
  const connection = await connect(base)
  const transport = await openTransport(base, connection)
  const cluster = createCluster(transport)
  const events = createEventRecorder({ ...base, cluster, controller: CONTROLLER_NAME, instance: base.identity })
  measureEventLoop(metrics)

  const elector = config.leaderElect ? createElector(base, transport, connection) : undefined
  const mayWrite = (): boolean => elector?.mayStartWrite() ?? true
  const { session, pace } = openAws(base, mayWrite)
  const controllers = await assemble(base, { cluster, session, pace, events, mayWrite }, signal)
  const manager = createManager(base, controllers, { elector, events })
  // Only a new process helps against a pass that does not end; an API server that is away comes back by itself.
  const alive = { workers: () => manager.isWorking() }
  const ready = { caches: () => manager.isReady(), watches: () => manager.isUpToDate(), ...alive }
  await using health = await startHealthServer({
    host: config.bindAddress,
    port: config.httpPort,
    alive,
    ready,
    metrics,
  })
  log.info({ version, httpPort: health.port, server: connection.server.href }, 'longshore starts')
  try {
    await manager.run(signal)
  } finally {
    await transport.close()
  }
}

function openAws(
  { config, clock, metrics, environment }: Base,
  maySend: () => boolean,
): Pick<Reached, 'session' | 'pace'> {
  const { awsRegion: region } = config
  if (region === undefined) {
    throw new Failure('invalid', 'start', { message: 'no AWS region: set the environment variable AWS_REGION' })
  }
  // Those who share the objects share the rates as well.
  const share = config.awsRateShare / 100 / (config.shard?.count ?? 1)
  const pace = createPace({ clock, metrics, share })
  const proxy = proxyFrom(environment)
  return { session: createSession({ region, proxy, clock, metrics, pace, maySend }), pace }
}

function connect({ config, clock, environment }: Base): Promise<Connection> {
  const { kubernetes, context } = config
  return kubernetes.type === 'in-cluster'
    ? connectInCluster(kubernetes, clock)
    : connectFromKubeconfig({ paths: kubernetes.paths, context, environment }, clock)
}

function openTransport(base: Base, connection: Connection): Promise<Transport> {
  const connections = base.config.workers + SPARE_CONNECTIONS
  return createTransport({ ...base, connection, connections, userAgent: `longshore/${version}` })
}

interface Reached {
  readonly cluster: Cluster
  readonly session: AwsSession
  readonly pace: Pace
  readonly events: FlushedEventRecorder
  readonly mayWrite: () => boolean
}

async function assemble(base: Base, reached: Reached, signal: AbortSignal): Promise<Controllers> {
  const { config } = base
  const installationId = config.installationId ?? (await clusterId(reached.cluster, signal))
  const scopeFor = createOwnScope(reached.session, config.awsRegion ?? '')
  // There is time for it while the stores fill. Who cannot be answered now asks again, and then it is told.
  void scopeFor(signal).catch(() => undefined)
  const { workers, settleSeconds, drift, driftSeconds, namespaces, shard, watchLabelSelector } = config
  const settings = {
    installationId,
    settleSeconds,
    blinkSeconds: BLINK_SECONDS,
    workers,
    drift,
    driftSeconds,
    namespaces,
    shard,
    watchLabelSelector,
  }
  return createControllers(kinds, { ...base, ...reached, scopeFor }, settings)
}

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false } as const

/** The uid of kube-system is the customary identity of a cluster. */
async function clusterId(cluster: Cluster, signal: AbortSignal): Promise<string> {
  const { metadata } = await cluster.get(NAMESPACES, { name: 'kube-system' }, signal)
  if (metadata.uid === undefined) throw new Failure('unexpected', 'GET namespaces/kube-system')
  return metadata.uid
}

function createElector(base: Base, transport: Transport, connection: Connection): Elector {
  const namespace = base.config.leaderElectionNamespace ?? connection.namespace ?? 'default'
  const name = leaseNameFor(base.config.shard)
  const lease = createLeaseClient(transport, { namespace, name, fieldManager: 'longshore' })
  return new Elector({ ...base, lease, name })
}

/** Those who share the objects lead side by side, each over its own standby. */
function leaseNameFor(shard: Shard | undefined): string {
  return shard === undefined ? LEASE_NAME : `${LEASE_NAME}-${shard.index}-of-${shard.count}`
}

interface Staff {
  readonly elector: Elector | undefined
  readonly events: FlushedEventRecorder
}

function createManager({ config, clock, log }: Base, controllers: Controllers, { elector, events }: Staff): Manager {
  const flush = (signal: AbortSignal): Promise<void> => events.flush(signal)
  return new Manager({ ...controllers, elector, flush, drainSeconds: config.shutdownSeconds, clock, log })
}
