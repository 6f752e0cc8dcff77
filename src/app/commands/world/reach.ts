import type { TrailPort } from '../../../aws/cloudtrail.ts'
import { createSession } from '../../../aws/session.ts'
import { Failure } from '../../../core/failure.ts'
import type { Clock } from '../../../core/ports.ts'
import { uncounted } from '../../../core/silence.ts'
import type { Cluster } from '../../../kube/cluster.ts'
import { connectInCluster, type Connection } from '../../../kube/connect.ts'
import { connectFromKubeconfig } from '../../../kube/kubeconfig.ts'
import { createCluster } from '../../../kube/real-cluster.ts'
import { createTransport, type Transport } from '../../../kube/transport.ts'
import { createSystemClock, createSystemRandom } from '../../../runtime/clock.ts'
import { kubernetesAccessFrom, proxyFrom, regionFrom, type Environment } from '../../config.ts'
import { createOwnScope, type ScopeFor } from '../../scope.ts'
import { version } from '../../version.ts'

/** The cluster as commands that only look see it: they cannot write by mistake. */
export type ReadableCluster = Pick<Cluster, 'get' | 'list'>

/** What a command that only looks can reach. */
export interface World {
  /** Undefined: the command works without one. */
  readonly cluster: ReadableCluster | undefined
  /** Of objects that name none. */
  readonly namespace: string
  /** Undefined: what is ours in AWS cannot be told. */
  readonly installationId: string | undefined
  readonly scopeFor: ScopeFor
  /** The event history of CloudTrail where the scope is; loaded by who asks for it alone. Throws `Failure`. */
  readonly openTrail: () => Promise<TrailPort>
  readonly clock: Clock
}

/** What flags and environment say about where to look. */
export interface Whereabouts {
  readonly environment: Environment
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly namespace?: string | undefined
  readonly installationId?: string | undefined
  readonly withoutCluster?: boolean
}

const CONNECTIONS = 4

/** Opens what is needed, calls `use` and closes it again. Throws `Failure`. */
export async function withWorld<T>(
  where: Whereabouts,
  use: (world: World) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const clock = createSystemClock()
  const aws = openAws(where, clock)
  if (where.withoutCluster === true) {
    return use({
      cluster: undefined,
      clock,
      ...aws,
      installationId: idIn(where),
      namespace: where.namespace ?? 'default',
    })
  }
  const connection = await connect(where, clock)
  const transport = await open(connection, clock)
  try {
    const cluster = createCluster(transport)
    const installationId = idIn(where) ?? (await clusterId(cluster, signal))
    const namespace = where.namespace ?? connection.namespace ?? 'default'
    return await use({ cluster, clock, ...aws, installationId, namespace })
  } finally {
    await transport.close()
  }
}

function idIn({ installationId, environment }: Whereabouts): string | undefined {
  return installationId ?? (environment['LONGSHORE_INSTALLATION_ID'] || undefined)
}

function openAws({ environment }: Whereabouts, clock: Clock): Pick<World, 'scopeFor' | 'openTrail'> {
  const region = regionFrom(environment)
  if (region === undefined) {
    const message = 'no AWS region: set the environment variable AWS_REGION'
    const fail = (): Promise<never> => Promise.reject(new Failure('invalid', 'start', { message }))
    return { scopeFor: fail, openTrail: fail }
  }
  const proxy = proxyFrom(environment)
  return {
    scopeFor: createOwnScope(createSession({ region, proxy, clock, metrics: uncounted }), region),
    openTrail: async () => (await import('../../../aws/cloudtrail.ts')).openTrail({ region, proxy, clock }),
  }
}

function connect({ environment, kubeconfig, context }: Whereabouts, clock: Clock): Promise<Connection> {
  const access = kubernetesAccessFrom(kubeconfig, environment)
  return access.type === 'in-cluster'
    ? connectInCluster(access, clock)
    : connectFromKubeconfig({ paths: access.paths, context }, clock)
}

function open(connection: Connection, clock: Clock): Promise<Transport> {
  return createTransport({
    connection,
    connections: CONNECTIONS,
    userAgent: `longshore/${version}`,
    clock,
    random: createSystemRandom(),
    metrics: uncounted,
  })
}

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false } as const

/** As the operator finds it. Undefined: not everybody may look at that namespace. */
async function clusterId(cluster: ReadableCluster, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await cluster.get(NAMESPACES, { name: 'kube-system' }, signal)).metadata.uid
  } catch (error) {
    if (error instanceof Failure && (error.code === 'denied' || error.code === 'not-found')) return undefined
    throw error
  }
}
