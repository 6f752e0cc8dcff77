import type { Resolved } from '../../core/output.ts'
import type { Outputs } from '../../core/plan.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'
import type { ClusterOutput, ClusterStep } from './state.ts'

/** Makes the one ECS write of `step`. */
export async function applyClusterStep(
  step: Resolved<ClusterStep>,
  { key: name }: Identity,
  { aws: { ecsClusters } }: Scope,
  signal: AbortSignal,
): Promise<Outputs<ClusterOutput>> {
  switch (step.type) {
    case 'create': {
      const { arn, clusterName } = await ecsClusters.createCluster(step.cluster, signal)
      return { arn, name: clusterName }
    }
    case 'update':
      await ecsClusters.updateCluster(name, step.change, signal)
      return {}
    case 'put-capacity':
      await ecsClusters.putCapacity(name, step.capacity, signal)
      return {}
    case 'tag':
      await ecsClusters.tag(step.arn, step.tags, signal)
      return {}
    case 'untag':
      await ecsClusters.untag(step.arn, step.keys, signal)
      return {}
    case 'delete':
      await ecsClusters.deleteCluster(name, signal)
      return {}
  }
}
