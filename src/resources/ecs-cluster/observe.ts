import { isAdoptable, ownerIn, ownershipOf, type Owner } from '../../core/owner.ts'
import type { Observation } from '../../core/plan.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'
import type { ObservedCluster } from './state.ts'

/** Looks at one cluster; those that are looked at together share their calls. Throws `Failure`. */
export async function observeCluster(
  { key, owner }: Identity,
  { aws: { ecsClusters } }: Scope,
  signal: AbortSignal,
): Promise<Observation<ObservedCluster>> {
  const cluster = await ecsClusters.cluster(key, signal)
  if (!cluster || cluster.status === 'INACTIVE') return { type: 'known', items: [] }
  if (ownershipOf(cluster.tags, owner) === 'ours') return { type: 'known', items: [cluster] }
  const whose = ownerIn(cluster.tags) ?? 'somebody else (it carries no tags of ours)'
  const message = `ECS cluster ${key} exists and belongs to ${whose}`
  return { type: 'foreign', message, ...(isAdoptable(cluster.tags, owner) && { items: [cluster] }) }
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
