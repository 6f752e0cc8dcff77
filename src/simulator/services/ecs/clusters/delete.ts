import type { DeleteClusterRequest, DeleteClusterResponse } from '@aws-sdk/client-ecs'
import { AwsFault } from '../../../service.ts'
import { clusterNotFound } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import type { ClusterRecord } from '../state.ts'
import { dropTags } from '../tags.ts'
import { later } from '../world.ts'
import type { World } from '../world.ts'
import { checkNotUpdating } from './capacity.ts'
import { findCluster } from './lookup.ts'
import { presentCluster } from './present.ts'

function checkEmpty(cluster: ClusterRecord): void {
  // A draining service still owns tasks, but it is no longer counted as a service.
  if (Object.values(cluster.services).some(({ status }) => status === 'ACTIVE'))
    throw new AwsFault('ClusterContainsServicesException', 'The Cluster cannot be deleted while Services are active.')
  if (Object.values(cluster.tasks).some(({ lastStatus }) => lastStatus !== 'STOPPED'))
    throw new AwsFault('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.')
}

/** DeleteCluster: refused while anything is in it; leaves an INACTIVE tombstone that disappears later. */
export function deleteCluster(input: DeleteClusterRequest, world: World): DeleteClusterResponse {
  const { state } = world
  const cluster = findCluster(world, input.cluster)
  if (!cluster) throw clusterNotFound()
  if (cluster.status === 'INACTIVE') return { cluster: presentCluster(world, cluster) }
  checkNotUpdating(cluster)
  checkEmpty(cluster)

  cluster.status = 'INACTIVE'
  dropTags(state, cluster.arn)
  later(world, LEDGER.clusterTombstoneSeconds.value, () => {
    // The name may be in use again by now.
    if (state.clusters[cluster.name] === cluster) delete state.clusters[cluster.name]
  })
  return { cluster: presentCluster(world, cluster) }
}
