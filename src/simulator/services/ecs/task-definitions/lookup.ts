import { nameFrom } from '../arns.ts'
import { clientFault, invalidParameter } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import type { EcsState, TaskDefinitionRecord } from '../state.ts'
import { dropTags } from '../tags.ts'
import { now } from '../world.ts'
import type { World } from '../world.ts'

function isUsed(state: EcsState, arn: string): boolean {
  return Object.values(state.clusters).some(
    ({ services, tasks }) =>
      Object.values(services).some(
        ({ status, deployments }) =>
          status !== 'INACTIVE' && deployments.some(({ workload }) => workload.taskDefinition === arn),
      ) || Object.values(tasks).some((task) => task.taskDefinition === arn && task.lastStatus !== 'STOPPED'),
  )
}

/** Deleted revisions disappear when nothing uses them; looking is the only moment at which that can be seen. */
export function dropDeleted(world: World): void {
  const { state } = world
  for (const key of Object.keys(state.deletedTaskDefinitions)) {
    const { arn, deleteRequestedAt = Infinity } = state.taskDefinitions[key] ?? { arn: '' }
    const isDue = now(world) >= deleteRequestedAt + LEDGER.taskDefinitionDeletionSeconds.value * 1000
    if (!isDue || isUsed(state, arn)) continue
    delete state.deletedTaskDefinitions[key]
    delete state.taskDefinitions[key]
    dropTags(state, arn)
  }
}

function newestActive(state: EcsState, family: string): TaskDefinitionRecord | undefined {
  for (let revision = state.families[family]?.lastRevision ?? 0; revision > 0; revision -= 1) {
    const record = state.taskDefinitions[`${family}:${revision}`]
    if (record?.status === 'ACTIVE') return record
  }
  return undefined
}

/** A revision by `family:revision`, ARN, or the newest active one by `family`. */
export function findTaskDefinition(world: World, identifier = ''): TaskDefinitionRecord | undefined {
  const key = nameFrom(world.call, 'task-definition', identifier)
  if (key === undefined) return undefined
  return key.includes(':') ? world.state.taskDefinitions[key] : newestActive(world.state, key)
}

/** A revision named with its number; throws ClientException or InvalidParameterException otherwise. */
export function exactTaskDefinition(world: World, identifier = ''): TaskDefinitionRecord {
  if (!/:\d+$/.test(identifier)) throw invalidParameter('Revision is missing.')
  const record = findTaskDefinition(world, identifier)
  if (!record) throw clientFault('The specified task definition does not exist.')
  return record
}

/** A revision that may start tasks; throws if it is unknown or no longer active. */
export function launchableTaskDefinition(world: World, identifier: string | undefined): TaskDefinitionRecord {
  const record = findTaskDefinition(world, identifier)
  if (!record) throw clientFault('TaskDefinition not found.')
  if (record.status !== 'ACTIVE') throw invalidParameter('TaskDefinition is inactive')
  return record
}

/** A revision that tasks or deployments refer to; it cannot be gone while they do. */
export function taskDefinitionByArn(state: EcsState, arn: string): TaskDefinitionRecord {
  const record = state.taskDefinitions[arn.slice(arn.lastIndexOf('/') + 1)]
  if (!record) throw new Error(`task definition ${arn} is in use but not in state`)
  return record
}
