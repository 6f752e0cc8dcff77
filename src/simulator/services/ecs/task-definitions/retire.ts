import type {
  DeleteTaskDefinitionsRequest,
  DeleteTaskDefinitionsResponse,
  DeregisterTaskDefinitionRequest,
  DeregisterTaskDefinitionResponse,
  Failure,
  TaskDefinition,
} from '@aws-sdk/client-ecs'
import { invalidParameter } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import { now } from '../world.ts'
import type { World } from '../world.ts'
import { dropDeleted, exactTaskDefinition, findTaskDefinition } from './lookup.ts'
import { presentTaskDefinition } from './register.ts'

/** DeregisterTaskDefinition: services and tasks that use the revision go on. */
export function deregisterTaskDefinition(
  input: DeregisterTaskDefinitionRequest,
  world: World,
): DeregisterTaskDefinitionResponse {
  const record = exactTaskDefinition(world, input.taskDefinition)
  if (record.status === 'ACTIVE') {
    record.status = 'INACTIVE'
    record.deregisteredAt = now(world)
  }
  return { taskDefinition: presentTaskDefinition(record) }
}

function deleteOne(world: World, identifier: string): { taskDefinition: TaskDefinition } | { failure: Failure } {
  const record = findTaskDefinition(world, identifier)
  if (!record) return { failure: { arn: identifier, reason: 'MISSING' } }
  if (record.status === 'ACTIVE')
    return {
      failure: {
        arn: record.arn,
        reason: 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.',
      },
    }
  record.status = 'DELETE_IN_PROGRESS'
  record.deleteRequestedAt ??= now(world)
  world.state.deletedTaskDefinitions[`${record.family}:${record.revision}`] = true
  return { taskDefinition: presentTaskDefinition(record) }
}

/** DeleteTaskDefinitions: at most ten inactive revisions; they go when nothing uses them any more. */
export function deleteTaskDefinitions(
  { taskDefinitions = [] }: DeleteTaskDefinitionsRequest,
  world: World,
): DeleteTaskDefinitionsResponse {
  if (taskDefinitions.length === 0 || taskDefinitions.length > LEDGER.deleteTaskDefinitionsMax.value)
    throw invalidParameter('taskDefinitions must have 1 to 10 elements.')
  if (taskDefinitions.some((identifier) => !/:\d+$/.test(identifier))) throw invalidParameter('Revision is missing.')

  dropDeleted(world)
  const results = taskDefinitions.map((identifier) => deleteOne(world, identifier))
  return {
    taskDefinitions: results.flatMap((result) => ('taskDefinition' in result ? [result.taskDefinition] : [])),
    failures: results.flatMap((result) => ('failure' in result ? [result.failure] : [])),
  }
}
