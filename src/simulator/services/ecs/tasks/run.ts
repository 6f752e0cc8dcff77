import type { RunTaskRequest, RunTaskResponse, TaskOverride } from '@aws-sdk/client-ecs'
import { AwsFault } from '../../../service.ts'
import { usableCluster } from '../clusters/lookup.ts'
import { invalidParameter } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import { checkToken } from '../names.ts'
import { nextProvider, placementFrom } from '../placement.ts'
import type { Placement } from '../placement.ts'
import type { ClusterRecord, TaskDefinitionRecord, TaskRecord } from '../state.ts'
import { checkTags, tagsOf } from '../tags.ts'
import { launchableTaskDefinition } from '../task-definitions/lookup.ts'
import { recallToken, rememberToken } from '../tokens.ts'
import type { TokenUse } from '../tokens.ts'
import type { World } from '../world.ts'
import { launchTask } from './launch.ts'
import { findTask } from './lookup.ts'
import { presentTask } from './present.ts'
import { newTaskTags } from './tags.ts'

function checkOverrides(overrides: TaskOverride | undefined, definition: TaskDefinitionRecord): void {
  if (JSON.stringify(overrides ?? {}).length > LEDGER.overridesLength.value)
    throw invalidParameter('Task overrides must be at most 8192 characters long.')
  const names = new Set(definition.content.containerDefinitions.map(({ name }) => name))
  for (const { name } of overrides?.containerOverrides ?? [])
    if (!names.has(name))
      throw invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`)
}

function checkInput(input: RunTaskRequest): void {
  const { count = 1, startedBy = '' } = input
  if (count < 1 || count > LEDGER.runTaskMax.value) throw invalidParameter('count must be between 1 and 10.')
  if (startedBy.length > LEDGER.startedByLength.value)
    throw invalidParameter('startedBy must be at most 128 characters long.')
  if (input.propagateTags === 'SERVICE') throw invalidParameter('propagateTags SERVICE is not supported for RunTask.')
  checkToken(input.clientToken, LEDGER.runTaskTokenLength.value)
  checkTags(input.tags)
}

interface Batch {
  readonly input: RunTaskRequest
  readonly cluster: ClusterRecord
  readonly definition: TaskDefinitionRecord
  readonly placement: Placement
}

function launchBatch(world: World, { input, cluster, definition, placement }: Batch): TaskRecord[] {
  const counts = new Map<string, number>()
  const tags = newTaskTags(world, {
    cluster,
    own: input.tags ?? [],
    propagate: input.propagateTags,
    taskDefinitionArn: definition.arn,
    service: undefined,
    isManaged: input.enableECSManagedTags === true,
  })
  return Array.from({ length: input.count ?? 1 }, () => {
    const capacityProvider = placement.strategy && nextProvider(placement.strategy, counts)
    if (capacityProvider) counts.set(capacityProvider, (counts.get(capacityProvider) ?? 0) + 1)
    return launchTask(world, {
      cluster,
      definition,
      group: input.group ?? `family:${definition.family}`,
      startedBy: input.startedBy,
      service: undefined,
      deploymentId: undefined,
      launchType: placement.launchType,
      capacityProvider,
      platformVersion: placement.platformVersion,
      network: placement.network,
      overrides: input.overrides ?? {},
      enableExecuteCommand: input.enableExecuteCommand === true,
      tags,
    })
  })
}

function present(world: World, tasks: readonly TaskRecord[]): RunTaskResponse {
  return {
    tasks: tasks.map((task) => ({ ...presentTask(world, task), tags: tagsOf(world.state, task.arn) })),
    failures: [],
  }
}

/** RunTask: up to ten tasks on Fargate; a token makes a repetition answer with the first tasks. */
export function runTask(input: RunTaskRequest, world: World): RunTaskResponse {
  const cluster = usableCluster(world, input.cluster)
  checkInput(input)
  const { clientToken, ...request } = input
  const use: TokenUse = { scope: `RunTask ${cluster.name}`, token: clientToken, request }
  const before = recallToken(world, use)
  if (before && !before.isSame)
    throw new AwsFault('ConflictException', 'The client token was used with other parameters.', {
      resourceIds: before.arns,
    })
  if (before)
    return present(
      world,
      before.arns.flatMap((arn) => findTask(world, cluster, arn) ?? []),
    )

  const definition = launchableTaskDefinition(world, input.taskDefinition)
  const placement = placementFrom(input, cluster, definition)
  checkOverrides(input.overrides, definition)
  const tasks = launchBatch(world, { input, cluster, definition, placement })
  rememberToken(
    world,
    use,
    tasks.map(({ arn }) => arn),
  )
  return present(world, tasks)
}
