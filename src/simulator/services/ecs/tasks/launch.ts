import type { AwsVpcConfiguration, Tag, TaskOverride } from '@aws-sdk/client-ecs'
import { ecsArn } from '../arns.ts'
import { LEDGER } from '../ledger.ts'
import type { ClusterRecord, ContainerRecord, TaskDefinitionRecord, TaskRecord } from '../state.ts'
import { putTags } from '../tags.ts'
import { hexId, now } from '../world.ts'
import type { World } from '../world.ts'
import { startLife } from './life.ts'

export interface LaunchSpec {
  readonly cluster: ClusterRecord
  readonly definition: TaskDefinitionRecord
  readonly group: string
  readonly startedBy: string | undefined
  readonly service: string | undefined
  readonly deploymentId: string | undefined
  readonly launchType: 'FARGATE' | undefined
  readonly capacityProvider: string | undefined
  readonly platformVersion: string
  readonly network: AwsVpcConfiguration
  readonly overrides: TaskOverride
  readonly enableExecuteCommand: boolean
  readonly tags: readonly Tag[]
}

const ZONES = ['a', 'b', 'c']

/** An interface in the next subnet in turn: on Fargate, tasks are spread over zones. */
function networkOf(
  world: World,
  { cluster, network }: LaunchSpec,
): TaskRecord['network'] & { readonly zoneIndex: number } {
  const subnets = network.subnets ?? []
  const turn = cluster.launchedTasks % subnets.length
  cluster.launchedTasks += 1

  const hex = hexId(world)
  const [second = 0, third = 0, fourth = 0] = Buffer.from(hex, 'hex')
  const address = `10.${second}.${third}.${fourth}`
  return {
    attachmentId: world.call.uuid(),
    subnet: subnets[turn] ?? '',
    interfaceId: `eni-0${hex.slice(16)}`,
    mac: `0a:${hex.slice(16, 26).replaceAll(/..(?=.)/g, '$&:')}`,
    address,
    dnsName: `ip-${address.replaceAll('.', '-')}.${world.call.region}.compute.internal`,
    zoneIndex: turn % ZONES.length,
  }
}

function containersOf(world: World, { cluster, definition }: LaunchSpec, taskId: string): ContainerRecord[] {
  return definition.content.containerDefinitions.map(({ name = '', image = '', essential }) => ({
    arn: ecsArn(world.call, 'container', cluster.name, taskId, world.call.uuid()),
    name,
    image,
    essential: essential ?? true,
    runtimeId: `${taskId}-${hexId(world).slice(0, 10)}`,
    lastStatus: 'PENDING',
    exitCode: undefined,
    reason: undefined,
    health: 'UNKNOWN',
  }))
}

const resolvedPlatform = (version: string): string =>
  version === 'LATEST' ? LEDGER.fargatePlatformVersion.value : version

const UNTOUCHED = {
  lastStatus: 'PROVISIONING',
  desiredStatus: 'RUNNING',
  health: 'UNKNOWN',
  judged: 'UNKNOWN',
  version: 1,
  connectivityAt: undefined,
  pullStartedAt: undefined,
  pullStoppedAt: undefined,
  startedAt: undefined,
  stoppingAt: undefined,
  executionStoppedAt: undefined,
  stoppedAt: undefined,
  stopCode: undefined,
  stoppedReason: undefined,
} as const

/** Launches one task on Fargate. It begins in PROVISIONING and lives on the clock. */
export function launchTask(world: World, spec: LaunchSpec): TaskRecord {
  const { cluster, definition, overrides } = spec
  const id = hexId(world)
  const { zoneIndex, ...network } = networkOf(world, spec)
  const task: TaskRecord = {
    ...UNTOUCHED,
    id,
    arn: ecsArn(world.call, 'task', cluster.name, id),
    cluster: cluster.name,
    clusterArn: cluster.arn,
    taskDefinition: definition.arn,
    group: spec.group,
    startedBy: spec.startedBy,
    service: spec.service,
    deploymentId: spec.deploymentId,
    launchType: spec.launchType,
    capacityProvider: spec.capacityProvider,
    platformVersion: resolvedPlatform(spec.platformVersion),
    zone: `${world.call.region}${ZONES[zoneIndex] ?? 'a'}`,
    cpu: overrides.cpu ?? definition.content.cpu ?? '',
    memory: overrides.memory ?? definition.content.memory ?? '',
    overrides,
    enableExecuteCommand: spec.enableExecuteCommand,
    network,
    containers: containersOf(world, spec, id),
    createdAt: now(world),
  }
  cluster.tasks[id] = task
  putTags(world.state, task.arn, spec.tags)
  startLife(world, task)
  return task
}
