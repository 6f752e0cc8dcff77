import type { PropagateTags, Tag } from '@aws-sdk/client-ecs'
import type { ClusterRecord } from '../state.ts'
import { tagsOf } from '../tags.ts'
import type { World } from '../world.ts'

interface TagSource {
  readonly cluster: ClusterRecord
  readonly own: readonly Tag[]
  readonly propagate: PropagateTags | undefined
  readonly taskDefinitionArn: string
  readonly service: { readonly arn: string; readonly name: string } | undefined
  readonly isManaged: boolean
}

function propagated({ state }: World, source: TagSource): readonly Tag[] {
  if (source.propagate === 'TASK_DEFINITION') return tagsOf(state, source.taskDefinitionArn)
  if (source.propagate === 'SERVICE' && source.service) return tagsOf(state, source.service.arn)
  return []
}

/** The tags a new task gets: propagated ones, its own, and those that ECS manages (Amazon ECS Developer Guide, tagging). */
export function newTaskTags(world: World, source: TagSource): readonly Tag[] {
  const { cluster, service, own } = source
  const managed = source.isManaged
    ? [
        { key: 'aws:ecs:clusterName', value: cluster.name },
        ...(service ? [{ key: 'aws:ecs:serviceName', value: service.name }] : []),
      ]
    : []
  const byKey = new Map([...propagated(world, source), ...own, ...managed].map((tag) => [tag.key, tag]))
  return [...byKey.values()]
}
