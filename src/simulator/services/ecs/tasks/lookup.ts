import { nameFrom } from '../arns.ts'
import { invalidParameter } from '../faults.ts'
import type { ClusterRecord, TaskRecord } from '../state.ts'
import type { World } from '../world.ts'

/** A task of a cluster by id or ARN; tasks that stopped long ago are gone. */
export function findTask({ call }: World, cluster: ClusterRecord, identifier: string): TaskRecord | undefined {
  const id = nameFrom(call, 'task', identifier)
  return id === undefined ? undefined : cluster.tasks[id]
}

/** Throws InvalidParameterException unless the task is there. */
export function requireTask(world: World, cluster: ClusterRecord, identifier = ''): TaskRecord {
  const task = findTask(world, cluster, identifier)
  if (!task) throw invalidParameter('The referenced task was not found.')
  return task
}
