import type {
  DescribeTasksRequest,
  DescribeTasksResponse,
  ListTasksRequest,
  ListTasksResponse,
  StopTaskRequest,
  StopTaskResponse,
} from '@aws-sdk/client-ecs'
import { ecsArn, isArn, nameFrom } from '../arns.ts'
import { usableCluster } from '../clusters/lookup.ts'
import { invalidParameter, notModelled, serviceNotFound } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import { byText, pageOf } from '../paging.ts'
import type { ClusterRecord, TaskRecord } from '../state.ts'
import { dropTags, tagsOf } from '../tags.ts'
import type { World } from '../world.ts'
import { findTask, requireTask } from './lookup.ts'
import { presentTask } from './present.ts'
import { stopTask as stop } from './stop.ts'

/** DescribeTasks: at most 100; stopped ones for an hour. */
export function describeTasks(input: DescribeTasksRequest, world: World): DescribeTasksResponse {
  const { tasks: identifiers = [], include = [] } = input
  const cluster = usableCluster(world, input.cluster)
  if (identifiers.length === 0) throw invalidParameter('Tasks cannot be empty.')
  if (identifiers.length > LEDGER.describeTasksMax.value)
    throw invalidParameter('Tasks cannot have more than 100 elements.')

  const found = identifiers.map((identifier) => ({ identifier, task: findTask(world, cluster, identifier) }))
  const present = (task: TaskRecord) =>
    include.includes('TAGS')
      ? { ...presentTask(world, task), tags: tagsOf(world.state, task.arn) }
      : presentTask(world, task)
  return {
    tasks: found.flatMap(({ task }) => (task ? [present(task)] : [])),
    failures: found
      .filter(({ task }) => !task)
      .map(({ identifier }) => ({
        arn: isArn(identifier) ? identifier : ecsArn(world.call, 'task', cluster.name, identifier),
        reason: 'MISSING',
      })),
  }
}

function familyOf(task: TaskRecord): string {
  const key = task.taskDefinition.slice(task.taskDefinition.lastIndexOf('/') + 1)
  return key.slice(0, key.lastIndexOf(':'))
}

function checkFilters(input: ListTasksRequest): void {
  const { startedBy, family, serviceName, containerInstance, launchType = 'FARGATE' } = input
  if (containerInstance !== undefined || launchType !== 'FARGATE') throw notModelled('tasks outside Fargate')
  if (startedBy !== undefined && (family !== undefined || serviceName !== undefined))
    throw invalidParameter('startedBy must be the only filter when it is specified.')
}

function serviceFilter(world: World, cluster: ClusterRecord, identifier: string | undefined): string | undefined {
  if (identifier === undefined) return undefined
  const name = nameFrom(world.call, 'service', identifier) ?? ''
  if (!cluster.services[name]) throw serviceNotFound()
  return name
}

/** ListTasks: those that should run unless asked for stopped ones; PENDING is never a desired status. */
export function listTasks(input: ListTasksRequest, world: World): ListTasksResponse {
  const cluster = usableCluster(world, input.cluster)
  checkFilters(input)
  const service = serviceFilter(world, cluster, input.serviceName)
  const { desiredStatus = 'RUNNING', family, startedBy } = input
  const filters: ((task: TaskRecord) => boolean)[] = [
    (task) => task.desiredStatus === desiredStatus,
    (task) => service === undefined || task.service === service,
    (task) => family === undefined || familyOf(task) === family,
    (task) => startedBy === undefined || task.startedBy === startedBy,
  ]
  const arns = Object.values(cluster.tasks)
    .filter((task) => filters.every((accepts) => accepts(task)))
    .map(({ arn }) => arn)
    .toSorted(byText)
  const { items, nextToken } = pageOf(arns, String, { operation: 'ListTasks', ...input })
  return { taskArns: [...items], nextToken }
}

/** StopTask: the task's tags go at once; a service replaces the task. */
export function stopTask(input: StopTaskRequest, world: World): StopTaskResponse {
  const cluster = usableCluster(world, input.cluster)
  const task = requireTask(world, cluster, input.task)
  dropTags(world.state, task.arn)
  stop(world, task, { code: 'UserInitiated', reason: input.reason ?? 'Task stopped by user' })
  return { task: presentTask(world, task) }
}
