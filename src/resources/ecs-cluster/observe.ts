import type { EcsClusterPort } from '../../aws/ecs-cluster.ts'
import { Failure } from '../../core/failure.ts'
import { isAdoptable, ownerIn, ownershipOf, type Owner } from '../../core/owner.ts'
import { unknownBecause, type Observation } from '../../core/plan.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'
import type { ObservedCluster } from './state.ts'

type Seen = Observation<ObservedCluster>

/** Looks at many clusters in full batches. */
export async function observeClusters(
  ids: readonly Identity[],
  { aws: { ecsClusters } }: Scope,
  signal: AbortSignal,
): Promise<(id: Identity) => Seen> {
  const looks = ids.map(async (id) => [id.key, await observeOne(ecsClusters, id, signal)] as const)
  const seen = new Map(await Promise.all(looks))
  return ({ key }) => seen.get(key) ?? { type: 'unknown', code: 'unexpected', message: `${key} was not looked at` }
}

async function observeOne(ecsClusters: EcsClusterPort, id: Identity, signal: AbortSignal): Promise<Seen> {
  try {
    const cluster = await ecsClusters.cluster(id.key, signal)
    if (!cluster || cluster.status === 'INACTIVE') return { type: 'known', items: [] }
    if (ownershipOf(cluster.tags, id.owner) === 'ours') return { type: 'known', items: [cluster] }
    const owner = ownerIn(cluster.tags) ?? 'somebody else (it carries no tags of ours)'
    const message = `ECS cluster ${id.key} exists and belongs to ${owner}`
    return { type: 'foreign', message, ...(isAdoptable(cluster.tags, id.owner) && { items: [cluster] }) }
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'aborted') throw error
    return unknownBecause(error)
  }
}

/** Names of all clusters that carry the owner's tags. */
export async function findOwnedClusters(
  owner: Owner,
  { aws: { ecsClusters } }: Scope,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const clusters = await ecsClusters.allClusters(signal)
  return clusters
    .filter(({ status, tags }) => status !== 'INACTIVE' && ownershipOf(tags, owner) === 'ours')
    .map(({ clusterName }) => clusterName)
}
