import type { Attachment, Container, KeyValuePair, Task } from '@aws-sdk/client-ecs'
import { dateOf } from '../names.ts'
import type { ContainerRecord, TaskRecord } from '../state.ts'

import type { World } from '../world.ts'

function attachmentStatus({ lastStatus }: TaskRecord): string {
  if (lastStatus === 'PROVISIONING') return 'PRECREATED'
  return lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED'
}

function attachmentOf(task: TaskRecord): Attachment {
  const { network } = task
  const detail = (name: string, value: string): KeyValuePair => ({ name, value })
  const isMade = task.lastStatus !== 'PROVISIONING'
  return {
    id: network.attachmentId,
    type: 'ElasticNetworkInterface',
    status: attachmentStatus(task),
    details: [
      detail('subnetId', network.subnet),
      ...(isMade
        ? [
            detail('networkInterfaceId', network.interfaceId),
            detail('macAddress', network.mac),
            detail('privateDnsName', network.dnsName),
            detail('privateIPv4Address', network.address),
          ]
        : []),
    ],
  }
}

function presentContainer(task: TaskRecord, container: ContainerRecord, definition: Container): Container {
  const isMade = task.lastStatus !== 'PROVISIONING'
  return {
    ...definition,
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    runtimeId: container.runtimeId,
    lastStatus: container.lastStatus,
    healthStatus: container.health,
    networkBindings: [],
    networkInterfaces: isMade
      ? [{ attachmentId: task.network.attachmentId, privateIpv4Address: task.network.address }]
      : [],
    ...(container.exitCode !== undefined && { exitCode: container.exitCode }),
    ...(container.reason !== undefined && { reason: container.reason }),
  }
}

function presentContainers({ state }: World, task: TaskRecord): Container[] {
  // The revision may be deleted by the time a stopped task is looked at.
  const definition = state.taskDefinitions[task.taskDefinition.slice(task.taskDefinition.lastIndexOf('/') + 1)]
  const definitions = definition?.content.containerDefinitions ?? []
  return task.containers.map((container) => {
    const { cpu, memory, memoryReservation } = definitions.find(({ name }) => name === container.name) ?? {}
    return presentContainer(task, container, {
      cpu: String(cpu ?? 0),
      ...(memory !== undefined && { memory: String(memory) }),
      ...(memoryReservation !== undefined && { memoryReservation: String(memoryReservation) }),
    })
  })
}

function moments(task: TaskRecord): Partial<Task> {
  const dates = {
    connectivityAt: dateOf(task.connectivityAt),
    createdAt: dateOf(task.createdAt),
    pullStartedAt: dateOf(task.pullStartedAt),
    pullStoppedAt: dateOf(task.pullStoppedAt),
    startedAt: dateOf(task.startedAt),
    stoppingAt: dateOf(task.stoppingAt),
    executionStoppedAt: dateOf(task.executionStoppedAt),
    stoppedAt: dateOf(task.stoppedAt),
  }
  return Object.fromEntries(Object.entries(dates).filter(([, date]) => date !== undefined))
}

/** A task as answers have it. */
export function presentTask(world: World, task: TaskRecord): Task {
  return {
    ...moments(task),
    attachments: [attachmentOf(task)],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: task.zone,
    clusterArn: task.clusterArn,
    ...(task.connectivityAt !== undefined && { connectivity: 'CONNECTED' }),
    containers: presentContainers(world, task),
    cpu: task.cpu,
    memory: task.memory,
    desiredStatus: task.desiredStatus,
    lastStatus: task.lastStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    group: task.group,
    healthStatus: task.health,
    overrides: { containerOverrides: task.containers.map(({ name }) => ({ name })), ...task.overrides },
    platformVersion: task.platformVersion,
    platformFamily: 'Linux',
    taskArn: task.arn,
    taskDefinitionArn: task.taskDefinition,
    version: task.version,
    ephemeralStorage: { sizeInGiB: 20 },
    inferenceAccelerators: [],
    tags: [],
    ...(task.launchType && { launchType: task.launchType }),
    ...(task.capacityProvider && { capacityProviderName: task.capacityProvider, launchType: 'FARGATE' }),
    ...(task.startedBy && { startedBy: task.startedBy }),
    ...(task.stopCode && { stopCode: task.stopCode }),
    ...(task.stoppedReason && { stoppedReason: task.stoppedReason }),
  }
}
