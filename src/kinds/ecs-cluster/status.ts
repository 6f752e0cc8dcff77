import type { StatusInput, StatusReport } from '../../reconciler/kind.ts'
import { ecsCluster } from '../../resources/ecs-cluster/index.ts'
import { CLUSTER } from './compose.ts'
import type { EcsClusterSpec, EcsClusterStatus } from './schema.ts'

type Input = Pick<StatusInput<EcsClusterSpec, EcsClusterStatus>, 'previous' | 'report'>

/** What the status of an EcsCluster says of its cluster. */
export function reportEcsCluster({ previous, report }: Input): StatusReport<EcsClusterStatus> {
  const seen = report(CLUSTER, ecsCluster)
  // Not known now: what was known before still stands.
  if (seen?.observation.type !== 'known') return { fields: fieldsFrom(previous) }
  const [cluster] = seen.observation.items
  // Just created, the outputs are all that is known until the next look.
  return { fields: fieldsFrom(cluster ?? { clusterName: seen.outputs.name, arn: seen.outputs.arn }) }
}

function fieldsFrom(source: Partial<EcsClusterStatus>): EcsClusterStatus {
  return {
    clusterName: source.clusterName,
    arn: source.arn,
    status: source.status,
    registeredContainerInstancesCount: source.registeredContainerInstancesCount,
    runningTasksCount: source.runningTasksCount,
    pendingTasksCount: source.pendingTasksCount,
    activeServicesCount: source.activeServicesCount,
  }
}
