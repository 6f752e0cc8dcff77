import type { Cluster, ClusterField, KeyValuePair } from '@aws-sdk/client-ecs'
import type { ClusterRecord, ServiceRecord, TaskRecord } from '../state.ts'
import { tagsOf } from '../tags.ts'
import type { World } from '../world.ts'

const isRunning = (task: TaskRecord): boolean => task.lastStatus === 'RUNNING'
const isStarting = (task: TaskRecord): boolean =>
  task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING' || task.lastStatus === 'ACTIVATING'

/** Everything in this model is on Fargate, so the EC2 and external statistics are zero. */
function statistics(tasks: readonly TaskRecord[], services: readonly ServiceRecord[]): KeyValuePair[] {
  const count = (items: readonly unknown[]): string => String(items.length)
  return [
    { name: 'runningEC2TasksCount', value: '0' },
    { name: 'runningFargateTasksCount', value: count(tasks.filter(isRunning)) },
    { name: 'pendingEC2TasksCount', value: '0' },
    { name: 'pendingFargateTasksCount', value: count(tasks.filter(isStarting)) },
    { name: 'activeEC2ServiceCount', value: '0' },
    { name: 'activeFargateServiceCount', value: count(services.filter(({ status }) => status === 'ACTIVE')) },
    { name: 'drainingEC2ServiceCount', value: '0' },
    { name: 'drainingFargateServiceCount', value: count(services.filter(({ status }) => status === 'DRAINING')) },
  ]
}

/** The cluster as an answer has it; what is not asked for stays empty (Amazon ECS API Reference, DescribeClusters). */
export function presentCluster(
  { state }: World,
  cluster: ClusterRecord,
  include: readonly ClusterField[] = ['SETTINGS', 'TAGS', 'CONFIGURATIONS', 'ATTACHMENTS'],
): Cluster {
  const tasks = Object.values(cluster.tasks)
  const services = Object.values(cluster.services)
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: tasks.filter(isRunning).length,
    pendingTasksCount: tasks.filter(isStarting).length,
    activeServicesCount: services.filter(({ status }) => status === 'ACTIVE').length,
    statistics: include.includes('STATISTICS') ? statistics(tasks, services) : [],
    tags: include.includes('TAGS') ? tagsOf(state, cluster.arn) : [],
    settings: include.includes('SETTINGS') ? [...cluster.settings] : [],
    capacityProviders: [...cluster.capacityProviders],
    defaultCapacityProviderStrategy: [...cluster.strategy],
    ...(include.includes('CONFIGURATIONS') && cluster.configuration && { configuration: cluster.configuration }),
    ...(cluster.attachmentsStatus &&
      include.includes('ATTACHMENTS') && {
        attachments: [],
        attachmentsStatus: cluster.attachmentsStatus,
      }),
    ...(cluster.serviceConnectNamespace && { serviceConnectDefaults: { namespace: cluster.serviceConnectNamespace } }),
  }
}
