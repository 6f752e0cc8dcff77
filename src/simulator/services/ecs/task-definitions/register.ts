import type { RegisterTaskDefinitionRequest, RegisterTaskDefinitionResponse, TaskDefinition } from '@aws-sdk/client-ecs'
import { AwsFault } from '../../../service.ts'
import { ecsArn } from '../arns.ts'
import { clientFault } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import { dateOf } from '../names.ts'
import type { TaskDefinitionRecord } from '../state.ts'
import { checkTags, putTags, tagsOf } from '../tags.ts'
import { now } from '../world.ts'
import type { World } from '../world.ts'
import { fargateObjection } from './fargate.ts'
import { normalTaskDefinition } from './normalise.ts'
import { checkTaskDefinition } from './validate.ts'

/** Attributes that an instance would need (Amazon ECS Developer Guide, attributes); on Fargate they only inform. */
function requiredAttributes({ content }: TaskDefinitionRecord): { name: string }[] {
  const drivers = content.containerDefinitions.flatMap(({ logConfiguration }) => logConfiguration?.logDriver ?? [])
  const names = [
    ...[...new Set(drivers)].map((driver) => `com.amazonaws.ecs.capability.logging-driver.${driver}`),
    ...(content.executionRoleArn && drivers.includes('awslogs') ? ['ecs.capability.execution-role-awslogs'] : []),
    ...(content.taskRoleArn ? ['com.amazonaws.ecs.capability.task-iam-role'] : []),
    ...(content.containerDefinitions.some(({ healthCheck }) => healthCheck)
      ? ['ecs.capability.container-health-check']
      : []),
    ...(content.networkMode === 'awsvpc' ? ['ecs.capability.task-eni'] : []),
    'com.amazonaws.ecs.capability.docker-remote-api.1.18',
  ]
  return names.map((name) => ({ name }))
}

/** A revision as answers have it. */
export function presentTaskDefinition(record: TaskDefinitionRecord): TaskDefinition {
  return {
    ...record.content,
    taskDefinitionArn: record.arn,
    family: record.family,
    revision: record.revision,
    status: record.status,
    requiresAttributes: requiredAttributes(record),
    compatibilities: [...record.compatibilities],
    registeredAt: dateOf(record.registeredAt),
    registeredBy: record.registeredBy,
    ...(record.deregisteredAt !== undefined && { deregisteredAt: dateOf(record.deregisteredAt) }),
    ...(record.deleteRequestedAt !== undefined && { deleteRequestedAt: dateOf(record.deleteRequestedAt) }),
  }
}

function compatibilitiesOf(content: TaskDefinitionRecord['content'], objection: string | undefined) {
  const compatibilities: TaskDefinitionRecord['compatibilities'][number][] = ['EC2']
  if (objection === undefined) compatibilities.push('FARGATE', 'MANAGED_INSTANCES')
  if (content.networkMode !== 'awsvpc') compatibilities.push('EXTERNAL')
  return compatibilities
}

function nextRevision({ state }: World, family: string): number {
  const counter = (state.families[family] ??= { lastRevision: 0 })
  if (counter.lastRevision >= LEDGER.revisionsMax.value)
    throw new AwsFault('LimitExceededException', 'The maximum number of revisions was exceeded.')
  counter.lastRevision += 1
  return counter.lastRevision
}

/** RegisterTaskDefinition: every call makes a new revision, also for equal content; numbers are never used again. */
export function registerTaskDefinition(
  input: RegisterTaskDefinitionRequest,
  world: World,
): RegisterTaskDefinitionResponse {
  const { state, call } = world
  checkTags(input.tags)
  const content = normalTaskDefinition(input)
  checkTaskDefinition(content)
  const objection = fargateObjection(content)
  if (objection !== undefined && input.requiresCompatibilities?.includes('FARGATE')) throw clientFault(objection)

  const family = input.family ?? ''
  const revision = nextRevision(world, family)
  const key = `${family}:${revision}`
  const record: TaskDefinitionRecord = {
    arn: ecsArn(call, 'task-definition', key),
    family,
    revision,
    content,
    compatibilities: compatibilitiesOf(content, objection),
    registeredBy: `arn:${call.partition}:iam::${call.accountId}:root`,
    registeredAt: now(world),
    status: 'ACTIVE',
    deregisteredAt: undefined,
    deleteRequestedAt: undefined,
  }
  state.taskDefinitions[key] = record
  putTags(state, record.arn, input.tags)
  return { taskDefinition: presentTaskDefinition(record), tags: tagsOf(state, record.arn) }
}
