import type { LogConfiguration } from '@aws-sdk/client-ecs'
import { ecr } from '../../ecr/index.ts'
import { findImage } from '../../ecr/image.ts'
import { createLogGroup } from '../../logs/group.ts'
import { logs } from '../../logs/index.ts'
import { createLogStream } from '../../logs/stream.ts'
import type { TaskRecord } from '../state.ts'
import { taskDefinitionByArn } from '../task-definitions/lookup.ts'
import { now } from '../world.ts'
import type { World } from '../world.ts'
import { behaviourOf } from './behaviour.ts'

interface StartFailure {
  /** The container it happened to. */
  readonly container: string
  readonly reason: string
}

const ECR_IMAGE = /^(\d{12})\.dkr[.-]ecr\.([a-z0-9-]+)\.[^/]+\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/

/** Whether an image is in this account's simulated ECR; images of anywhere else are taken to exist. */
function isPullable(world: World, image: string): boolean {
  const { call } = world
  const [, account, region, repositoryName = '', imageTag = 'latest', imageDigest] = ECR_IMAGE.exec(image) ?? []
  if (account !== call.accountId || region !== call.region) return true

  const repository = call.peer(ecr).repositories[repositoryName]
  const found = repository && findImage(imageDigest ? { imageDigest } : { imageTag }, repository)
  if (found) found.lastPulledAtMs = now(world)
  return found !== undefined
}

/** What the scenario says of an image comes before what the registry has. */
function canPull(world: World, image: string): boolean {
  const { type } = behaviourOf(world.call.scenario, image)
  if (type === 'cannot-pull') return false
  return image in world.call.scenario.images || isPullable(world, image)
}

function pullFailure(world: World, { containers }: TaskRecord): StartFailure | undefined {
  const broken = containers.find(({ image }) => !canPull(world, image))
  if (!broken) return undefined
  const { name, image } = broken
  const reason = `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}: ${image}: not found`
  return { container: name, reason }
}

interface LogTarget {
  readonly container: string
  readonly group: string
  readonly stream: string
  readonly createsGroup: boolean
}

function logTarget(world: World, task: TaskRecord, container: string, log: LogConfiguration | undefined): LogTarget[] {
  const options = log?.options ?? {}
  // Groups of other Regions are not to be seen from here.
  if (log?.logDriver !== 'awslogs' || options['awslogs-region'] !== world.call.region) return []
  const group = options['awslogs-group'] ?? ''
  const stream = `${options['awslogs-stream-prefix']}/${container}/${task.id}`
  return [{ container, group, stream, createsGroup: options['awslogs-create-group'] === 'true' }]
}

function logTargets(world: World, task: TaskRecord): LogTarget[] {
  const { containerDefinitions } = taskDefinitionByArn(world.state, task.taskDefinition).content
  return containerDefinitions.flatMap(({ name = '', logConfiguration }) =>
    logTarget(world, task, name, logConfiguration),
  )
}

/** Makes each container's log stream, as the awslogs driver does at start; a missing group is an error unless it may be made. */
function logFailure(world: World, task: TaskRecord): StartFailure | undefined {
  const { call } = world
  const state = call.peer(logs)
  for (const { container, group, stream, createsGroup } of logTargets(world, task)) {
    if (!state.groups[group] && createsGroup) createLogGroup({ logGroupName: group }, state, call)
    if (!state.groups[group])
      return {
        container,
        reason:
          'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
      }
    createLogStream({ logGroupName: group, logStreamName: stream }, state, call)
  }
  return undefined
}

/** Why the containers of a task cannot be started, as the Fargate agent says it; undefined if they can. */
export const startFailure = (world: World, task: TaskRecord): StartFailure | undefined =>
  pullFailure(world, task) ?? logFailure(world, task)
