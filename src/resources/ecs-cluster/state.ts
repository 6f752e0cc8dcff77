import type { Capacity, ClusterChange, EcsCluster, NewCluster, StrategyItem } from '../../aws/ecs-cluster.ts'
import type { TagGoal } from '../../core/managed-tags.ts'
import type { Tags } from '../../core/owner.ts'

/** What a cluster must be like. Absent members are not managed. */
export interface DesiredCluster extends ClusterChange {
  readonly clusterName: string
  readonly tags: TagGoal
  readonly capacityProviders?: readonly string[] | undefined
  readonly defaultCapacityProviderStrategy?: readonly StrategyItem[] | undefined
}

/** Never INACTIVE: such a cluster is deleted, and its name free again. */
export type ObservedCluster = EcsCluster

/** One ECS write each. */
export type ClusterStep = StepBase &
  (
    | { readonly type: 'create'; readonly effect: 'create'; readonly cluster: NewCluster }
    | { readonly type: 'update'; readonly effect: 'change'; readonly change: ClusterChange }
    | { readonly type: 'put-capacity'; readonly effect: 'change'; readonly capacity: Capacity }
    | { readonly type: 'tag'; readonly effect: 'change'; readonly arn: string; readonly tags: Tags }
    | { readonly type: 'untag'; readonly effect: 'change'; readonly arn: string; readonly keys: readonly string[] }
    | { readonly type: 'delete'; readonly effect: 'delete' }
  )

interface StepBase {
  readonly summary: string
  readonly adopts?: boolean
  readonly carries?: readonly string[]
}

export type ClusterOutput = 'arn' | 'name'
