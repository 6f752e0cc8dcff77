import type {
  ContainerDefinition,
  HealthCheck,
  NetworkMode,
  PortMapping,
  RegisterTaskDefinitionRequest,
} from '@aws-sdk/client-ecs'
import { LEDGER } from '../ledger.ts'
import type { TaskDefinitionRecord } from '../state.ts'
import { normalSize } from './size.ts'

/** With awsvpc and host networking the container port is the host port (Amazon ECS API Reference, PortMapping). */
function normalPort(mapping: PortMapping, networkMode: NetworkMode): PortMapping {
  const sharesPort = networkMode === 'awsvpc' || networkMode === 'host'
  const hostPort = mapping.hostPort ?? (sharesPort ? mapping.containerPort : 0)
  return {
    ...mapping,
    ...(mapping.containerPortRange === undefined && { hostPort }),
    protocol: mapping.protocol ?? 'tcp',
  }
}

const normalHealthCheck = (check: HealthCheck): HealthCheck => ({
  ...check,
  interval: check.interval ?? LEDGER.healthIntervalSeconds.value,
  timeout: check.timeout ?? LEDGER.healthTimeoutSeconds.value,
  retries: check.retries ?? LEDGER.healthRetries.value,
})

function normalContainer(container: ContainerDefinition, networkMode: NetworkMode): ContainerDefinition {
  const { healthCheck } = container
  return {
    ...container,
    cpu: container.cpu ?? 0,
    portMappings: (container.portMappings ?? []).map((mapping) => normalPort(mapping, networkMode)),
    essential: container.essential ?? true,
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
    ...(healthCheck && { healthCheck: normalHealthCheck(healthCheck) }),
  }
}

/** What AWS echoes for a registration: all that was given, and the defaults that it fills in. */
export function normalTaskDefinition(input: RegisterTaskDefinitionRequest): TaskDefinitionRecord['content'] {
  const { tags: _tags, ...rest } = input
  const networkMode = input.networkMode ?? 'bridge'
  return {
    ...rest,
    networkMode,
    containerDefinitions: (input.containerDefinitions ?? []).map((container) =>
      normalContainer(container, networkMode),
    ),
    volumes: input.volumes ?? [],
    placementConstraints: input.placementConstraints ?? [],
    ...(input.cpu !== undefined && { cpu: normalSize('cpu', input.cpu) }),
    ...(input.memory !== undefined && { memory: normalSize('memory', input.memory) }),
  }
}
