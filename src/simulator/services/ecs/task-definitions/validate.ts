import type { ContainerDefinition, HealthCheck } from '@aws-sdk/client-ecs'
import { clientFault } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import { isName } from '../names.ts'
import type { TaskDefinitionRecord } from '../state.ts'

type Content = TaskDefinitionRecord['content']

function checkRange(what: string, value: number | undefined, range: readonly number[]): void {
  const [least = 0, most = Infinity] = range
  if (value !== undefined && (value < least || value > most))
    throw clientFault(`${what} must be between ${least} and ${most}.`)
}

function checkHealth(check: HealthCheck): void {
  if (!['CMD', 'CMD-SHELL', 'NONE'].includes(check.command?.[0] ?? ''))
    throw clientFault('The health check command must start with CMD or CMD-SHELL.')
  checkRange('Health check interval', check.interval, LEDGER.healthIntervalRange.value)
  checkRange('Health check timeout', check.timeout, LEDGER.healthTimeoutRange.value)
  checkRange('Health check retries', check.retries, LEDGER.healthRetriesRange.value)
  checkRange('Health check startPeriod', check.startPeriod, LEDGER.healthStartPeriodRange.value)
}

function checkPorts(container: ContainerDefinition, content: Content): void {
  for (const { containerPort, hostPort, containerPortRange } of container.portMappings ?? []) {
    if (containerPortRange === undefined) checkRange('containerPort', containerPort ?? 0, [1, 65_535])
    if (content.networkMode === 'awsvpc' && hostPort !== undefined && hostPort !== containerPort)
      throw clientFault('When networkMode=awsvpc, the host ports and container ports in port mappings must match.')
  }
}

const REQUIRED_LOG_OPTIONS = ['awslogs-group', 'awslogs-region']

function checkLogs({ logConfiguration }: ContainerDefinition): void {
  if (logConfiguration?.logDriver !== 'awslogs') return
  const missing = REQUIRED_LOG_OPTIONS.filter((option) => !logConfiguration.options?.[option])
  if (missing.length > 0) throw clientFault(`Log driver awslogs requires options: ${missing.join(', ')}`)
}

function checkContainerMemory(container: ContainerDefinition, content: Content): void {
  const { name, memory, memoryReservation } = container
  if (memory === undefined && memoryReservation === undefined && content.memory === undefined)
    throw clientFault(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    )
  if (memory !== undefined && memoryReservation !== undefined && memory < memoryReservation)
    throw clientFault(`Invalid setting for container '${name}'. 'memory' must be at least 'memoryReservation'.`)
}

function checkReferences(container: ContainerDefinition, content: Content): void {
  const volumes = new Set(content.volumes?.map(({ name }) => name))
  const containers = new Set(content.containerDefinitions.map(({ name }) => name))
  for (const { sourceVolume } of container.mountPoints ?? [])
    if (!volumes.has(sourceVolume)) throw clientFault(`Unknown volume '${sourceVolume}'.`)
  for (const { containerName } of container.dependsOn ?? [])
    if (!containers.has(containerName) || containerName === container.name)
      throw clientFault(`Container '${container.name}' depends on unknown container '${containerName}'.`)
}

function checkContainer(container: ContainerDefinition, content: Content): void {
  if (!container.name || !isName(container.name)) throw clientFault('Container.name contains invalid characters.')
  if (!container.image) throw clientFault('Container.image should not be null or empty.')
  checkContainerMemory(container, content)
  checkPorts(container, content)
  checkLogs(container)
  checkReferences(container, content)
  if (container.healthCheck) checkHealth(container.healthCheck)
}

/** The sums of what containers reserve must fit into the task (Amazon ECS API Reference, ContainerDefinition). */
function checkSums({ cpu, memory, containerDefinitions }: Content): void {
  const sum = (amounts: readonly (number | undefined)[]): number =>
    amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0)

  if (cpu !== undefined && sum(containerDefinitions.map((container) => container.cpu)) > Number(cpu))
    throw clientFault("Invalid setting for task. The sum of the containers' cpu exceeds the task's cpu.")
  const reserved = containerDefinitions.map((container) => container.memoryReservation ?? container.memory)
  if (memory !== undefined && sum(reserved) > Number(memory))
    throw clientFault("Invalid setting for task. The sum of the containers' memory exceeds the task's memory.")
}

function checkContainers(content: Content): void {
  const { containerDefinitions: containers } = content
  if (containers.length === 0) throw clientFault('Container list cannot be empty.')
  if (containers.length > LEDGER.containersMax.value)
    throw clientFault('A task definition cannot have more than 10 containers.')
  if (containers.every(({ essential }) => essential === false))
    throw clientFault('At least one container of a task definition must be essential.')
  if (new Set(containers.map(({ name }) => name)).size !== containers.length)
    throw clientFault('Container names must be unique within a task definition.')
  for (const container of containers) checkContainer(container, content)
}

/** What holds for a task definition wherever it runs. Throws ClientException. */
export function checkTaskDefinition(content: Content): void {
  if (!isName(content.family ?? '')) throw clientFault('Family contains invalid characters.')
  if (JSON.stringify(content).length > LEDGER.taskDefinitionBytes.value)
    throw clientFault('The task definition exceeds the maximum size of 65536 bytes.')
  checkContainers(content)
  checkSums(content)
  if (
    content.networkMode === 'none' &&
    content.containerDefinitions.some(({ portMappings = [] }) => portMappings.length > 0)
  )
    throw clientFault('Port mappings are not allowed when networkMode=none.')
}
