import { ecsArn, nameFrom } from '../arns.ts'
import { clusterNotFound } from '../faults.ts'
import type { ClusterRecord } from '../state.ts'
import type { World } from '../world.ts'

/** The cluster that is assumed when a call names none. */
export const DEFAULT_CLUSTER = 'default'

/** A cluster in any status, by short name or ARN. */
export function findCluster({ state, call }: World, identifier = DEFAULT_CLUSTER): ClusterRecord | undefined {
  const name = nameFrom(call, 'cluster', identifier)
  return name === undefined ? undefined : state.clusters[name]
}

/** The cluster to work in; throws ClusterNotFoundException if there is none or it was deleted. */
export function usableCluster(world: World, identifier?: string): ClusterRecord {
  const cluster = findCluster(world, identifier)
  if (!cluster) throw clusterNotFound()
  if (cluster.status === 'INACTIVE') throw clusterNotFound('The referenced cluster was inactive.')
  return cluster
}

/** The ARN that a failure names: the identifier itself, or the ARN that its name would have. */
export const clusterArnFrom = ({ call }: World, identifier: string): string =>
  identifier.startsWith('arn:') ? identifier : ecsArn(call, 'cluster', identifier)
