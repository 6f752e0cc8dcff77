import * as schemas from '@aws-sdk/client-ecs'
import type { Handler, SimulatedService } from '../../service.ts'
import { describeCapacityProviders } from './account/capacity-providers.ts'
import { listAccountSettings, putAccountSetting } from './account/settings.ts'
import { listTagsForResource, tagResource, untagResource } from './account/tagging.ts'
import { putClusterCapacityProviders } from './clusters/capacity.ts'
import { createCluster } from './clusters/create.ts'
import { deleteCluster } from './clusters/delete.ts'
import { describeClusters, listClusters } from './clusters/read.ts'
import { updateCluster, updateClusterSettings } from './clusters/update.ts'
import { noticeTask } from './scheduler/notice.ts'
import { createService } from './services/create.ts'
import { deleteService } from './services/delete.ts'
import { describeServiceDeployments, describeServiceRevisions, listServiceDeployments } from './services/deployments.ts'
import { describeServices, listServices, listServicesByNamespace } from './services/read.ts'
import { stopServiceDeployment } from './services/stop-deployment.ts'
import { updateService } from './services/update.ts'
import { createState } from './state.ts'
import type { EcsState } from './state.ts'
import { describeTaskDefinition, listTaskDefinitionFamilies, listTaskDefinitions } from './task-definitions/read.ts'
import { registerTaskDefinition } from './task-definitions/register.ts'
import { deleteTaskDefinitions, deregisterTaskDefinition } from './task-definitions/retire.ts'
import { describeTasks, listTasks, stopTask } from './tasks/read.ts'
import { runTask } from './tasks/run.ts'
import { inWorld } from './world.ts'
import type { World } from './world.ts'

/** Handlers of tasks know nothing of services: the service scheduler is told about tasks from here. */
const handler = <Input>(handle: (input: Input, world: World) => object): Handler<EcsState> =>
  inWorld(noticeTask, handle)

const operations: Readonly<Record<string, Handler<EcsState>>> = {
  CreateCluster: handler(createCluster),
  CreateService: handler(createService),
  DeleteCluster: handler(deleteCluster),
  DeleteService: handler(deleteService),
  DeleteTaskDefinitions: handler(deleteTaskDefinitions),
  DeregisterTaskDefinition: handler(deregisterTaskDefinition),
  DescribeCapacityProviders: handler(describeCapacityProviders),
  DescribeClusters: handler(describeClusters),
  DescribeServiceDeployments: handler(describeServiceDeployments),
  DescribeServiceRevisions: handler(describeServiceRevisions),
  DescribeServices: handler(describeServices),
  DescribeTaskDefinition: handler(describeTaskDefinition),
  DescribeTasks: handler(describeTasks),
  ListAccountSettings: handler(listAccountSettings),
  ListClusters: handler(listClusters),
  ListServiceDeployments: handler(listServiceDeployments),
  ListServices: handler(listServices),
  ListServicesByNamespace: handler(listServicesByNamespace),
  ListTagsForResource: handler(listTagsForResource),
  ListTaskDefinitionFamilies: handler(listTaskDefinitionFamilies),
  ListTaskDefinitions: handler(listTaskDefinitions),
  ListTasks: handler(listTasks),
  PutAccountSetting: handler(putAccountSetting),
  PutAccountSettingDefault: handler(putAccountSetting),
  PutClusterCapacityProviders: handler(putClusterCapacityProviders),
  RegisterTaskDefinition: handler(registerTaskDefinition),
  RunTask: handler(runTask),
  StopServiceDeployment: handler(stopServiceDeployment),
  StopTask: handler(stopTask),
  TagResource: handler(tagResource),
  UntagResource: handler(untagResource),
  UpdateCluster: handler(updateCluster),
  UpdateClusterSettings: handler(updateClusterSettings),
  UpdateService: handler(updateService),
}

/** What AWS would still charge for or refuse to lose; tombstones and stopped tasks go by themselves. */
function countLive(state: EcsState): Readonly<Record<string, number>> {
  const clusters = Object.values(state.clusters)
  const services = clusters.flatMap((cluster) => Object.values(cluster.services))
  const tasks = clusters.flatMap((cluster) => Object.values(cluster.tasks))
  return {
    clusters: clusters.filter(({ status }) => status !== 'INACTIVE').length,
    services: services.filter(({ status }) => status !== 'INACTIVE').length,
    tasks: tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED').length,
    taskDefinitions: Object.values(state.taskDefinitions).filter(({ status }) => status === 'ACTIVE').length,
  }
}

/** Simulated Amazon ECS on Fargate: clusters, task definitions, tasks, and services with their scheduler. */
export const ecs: SimulatedService<EcsState> = { id: 'ecs', schemas, createState, operations, countLive }
