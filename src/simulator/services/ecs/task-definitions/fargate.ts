import type { ContainerDefinition } from '@aws-sdk/client-ecs'
import { LEDGER } from '../ledger.ts'
import type { TaskDefinitionRecord } from '../state.ts'
import { isFargateSize } from './size.ts'

type Content = TaskDefinitionRecord['content']

const ECR_IMAGE = /^\d{12}\.dkr[.-]ecr\./

/** Members of a container that do not exist on Fargate (Amazon ECS Developer Guide, task definition differences for Fargate). */
const ABSENT_FROM_CONTAINERS = [
  'disableNetworking',
  'dnsSearchDomains',
  'dnsServers',
  'dockerSecurityOptions',
  'extraHosts',
  'links',
  'privileged',
  'resourceRequirements',
] as const

const ABSENT_FROM_LINUX = ['devices', 'sharedMemorySize', 'tmpfs', 'maxSwap', 'swappiness'] as const

/** False and empty lists ask for nothing. */
const asks = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false

function containerObjection(container: ContainerDefinition): string | undefined {
  const linux = container.linuxParameters ?? {}
  const name =
    ABSENT_FROM_CONTAINERS.find((member) => asks(container[member])) ??
    ABSENT_FROM_LINUX.find((member) => asks(linux[member]))
  return name && `Fargate compatible task definitions do not support ${name}.`
}

function capabilityObjection({ linuxParameters }: ContainerDefinition): string | undefined {
  const other = linuxParameters?.capabilities?.add?.find((capability) => capability !== 'SYS_PTRACE')
  return other && `Fargate compatible task definitions cannot add the capability ${other}.`
}

function logObjection({ logConfiguration }: ContainerDefinition): string | undefined {
  const driver: string | undefined = logConfiguration?.logDriver
  if (driver === undefined) return undefined
  if (!(LEDGER.fargateLogDrivers.value as readonly string[]).includes(driver))
    return `Fargate does not support log driver ${driver}.`
  if (driver === 'awslogs' && !logConfiguration?.options?.['awslogs-stream-prefix'])
    return 'Log driver awslogs requires options: awslogs-stream-prefix'
  return undefined
}

function roleObjection(content: Content): string | undefined {
  if (content.executionRoleArn) return undefined
  const containers = content.containerDefinitions
  if (containers.some(({ image = '' }) => ECR_IMAGE.test(image)))
    return 'Fargate requires task definition to have execution role ARN to support ECR images.'
  if (containers.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs'))
    return 'Fargate requires task definition to have execution role ARN to support log driver awslogs.'
  if (containers.some(({ secrets, repositoryCredentials }) => Boolean(secrets?.length) || repositoryCredentials))
    return "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
  return undefined
}

function sizeObjection({ cpu, memory }: Content): string | undefined {
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level."
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level."
  if (!isFargateSize(Number(cpu), Number(memory)))
    return `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`
  return undefined
}

function storageObjection({ ephemeralStorage, volumes = [] }: Content): string | undefined {
  const [least, most] = LEDGER.ephemeralStorageRange.value
  const sizeInGiB = ephemeralStorage?.sizeInGiB
  if (sizeInGiB !== undefined && (sizeInGiB < least || sizeInGiB > most))
    return `Ephemeral storage must be between ${least} and ${most} GiB.`
  if (volumes.some(({ host }) => host?.sourcePath))
    return 'Fargate compatible task definitions do not support host.sourcePath.'
  if (volumes.some(({ dockerVolumeConfiguration }) => dockerVolumeConfiguration))
    return 'Fargate compatible task definitions do not support dockerVolumeConfiguration.'
  return undefined
}

function namespaceObjection(content: Content): string | undefined {
  if (content.networkMode !== 'awsvpc') return "Fargate only supports network mode 'awsvpc'."
  if (content.ipcMode !== undefined) return 'Fargate compatible task definitions do not support ipcMode.'
  if (content.pidMode === 'host') return "Fargate compatible task definitions only support pidMode 'task'."
  if (content.placementConstraints?.length)
    return 'Fargate compatible task definitions do not support placementConstraints.'
  return undefined
}

/** Why a task definition cannot run on Fargate, in AWS's words where they are known; undefined if it can. */
export function fargateObjection(content: Content): string | undefined {
  const ofContainers = content.containerDefinitions
    .map((container) => containerObjection(container) ?? capabilityObjection(container) ?? logObjection(container))
    .find(Boolean)
  return (
    namespaceObjection(content) ??
    sizeObjection(content) ??
    storageObjection(content) ??
    ofContainers ??
    roleObjection(content)
  )
}
