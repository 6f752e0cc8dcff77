import type * as Sdk from '@aws-sdk/client-ecs'
import { createManualClock, type ManualClock } from '../../src/simulator/clock.ts'
import type { Call, ImageBehaviour, SimulatedService } from '../../src/simulator/service.ts'
import { ecs } from '../../src/simulator/services/ecs/index.ts'
import { createUuidSource } from '../../src/simulator/uuid.ts'

/** Output of an operation with everything there, so that tests can reach into it. */
type Filled<T> = T extends Date
  ? T
  : T extends readonly (infer Item)[]
    ? Filled<Item>[]
    : T extends object
      ? { [Key in keyof T]-?: Filled<Exclude<T[Key], undefined>> }
      : T

interface Operations {
  CreateCluster: [Sdk.CreateClusterRequest, Sdk.CreateClusterResponse]
  CreateService: [Sdk.CreateServiceRequest, Sdk.CreateServiceResponse]
  DeleteCluster: [Sdk.DeleteClusterRequest, Sdk.DeleteClusterResponse]
  DeleteService: [Sdk.DeleteServiceRequest, Sdk.DeleteServiceResponse]
  DeleteTaskDefinitions: [Sdk.DeleteTaskDefinitionsRequest, Sdk.DeleteTaskDefinitionsResponse]
  DeregisterTaskDefinition: [Sdk.DeregisterTaskDefinitionRequest, Sdk.DeregisterTaskDefinitionResponse]
  DescribeCapacityProviders: [Sdk.DescribeCapacityProvidersRequest, Sdk.DescribeCapacityProvidersResponse]
  DescribeClusters: [Sdk.DescribeClustersRequest, Sdk.DescribeClustersResponse]
  DescribeServiceDeployments: [Sdk.DescribeServiceDeploymentsRequest, Sdk.DescribeServiceDeploymentsResponse]
  DescribeServiceRevisions: [Sdk.DescribeServiceRevisionsRequest, Sdk.DescribeServiceRevisionsResponse]
  DescribeServices: [Sdk.DescribeServicesRequest, Sdk.DescribeServicesResponse]
  DescribeTaskDefinition: [Sdk.DescribeTaskDefinitionRequest, Sdk.DescribeTaskDefinitionResponse]
  DescribeTasks: [Sdk.DescribeTasksRequest, Sdk.DescribeTasksResponse]
  ListAccountSettings: [Sdk.ListAccountSettingsRequest, Sdk.ListAccountSettingsResponse]
  ListClusters: [Sdk.ListClustersRequest, Sdk.ListClustersResponse]
  ListServiceDeployments: [Sdk.ListServiceDeploymentsRequest, Sdk.ListServiceDeploymentsResponse]
  ListServices: [Sdk.ListServicesRequest, Sdk.ListServicesResponse]
  ListServicesByNamespace: [Sdk.ListServicesByNamespaceRequest, Sdk.ListServicesByNamespaceResponse]
  ListTagsForResource: [Sdk.ListTagsForResourceRequest, Sdk.ListTagsForResourceResponse]
  ListTaskDefinitionFamilies: [Sdk.ListTaskDefinitionFamiliesRequest, Sdk.ListTaskDefinitionFamiliesResponse]
  ListTaskDefinitions: [Sdk.ListTaskDefinitionsRequest, Sdk.ListTaskDefinitionsResponse]
  ListTasks: [Sdk.ListTasksRequest, Sdk.ListTasksResponse]
  PutAccountSettingDefault: [Sdk.PutAccountSettingDefaultRequest, Sdk.PutAccountSettingDefaultResponse]
  PutClusterCapacityProviders: [Sdk.PutClusterCapacityProvidersRequest, Sdk.PutClusterCapacityProvidersResponse]
  RegisterTaskDefinition: [Sdk.RegisterTaskDefinitionRequest, Sdk.RegisterTaskDefinitionResponse]
  RunTask: [Sdk.RunTaskRequest, Sdk.RunTaskResponse]
  StopServiceDeployment: [Sdk.StopServiceDeploymentRequest, Sdk.StopServiceDeploymentResponse]
  StopTask: [Sdk.StopTaskRequest, Sdk.StopTaskResponse]
  TagResource: [Sdk.TagResourceRequest, Sdk.TagResourceResponse]
  UntagResource: [Sdk.UntagResourceRequest, Sdk.UntagResourceResponse]
  UpdateCluster: [Sdk.UpdateClusterRequest, Sdk.UpdateClusterResponse]
  UpdateClusterSettings: [Sdk.UpdateClusterSettingsRequest, Sdk.UpdateClusterSettingsResponse]
  UpdateService: [Sdk.UpdateServiceRequest, Sdk.UpdateServiceResponse]
}

/** Simulated ECS alone, called without wire and server, on a clock that is wound by hand. */
export interface EcsWorld {
  readonly clock: ManualClock
  readonly images: Record<string, ImageBehaviour>
  readonly call: <Name extends keyof Operations>(name: Name, input: Operations[Name][0]) => Filled<Operations[Name][1]>
  /** State of another service, as tasks see it. */
  readonly peer: Call['peer']
  /** Registers an image of one container as a new revision of `app` and answers its ARN. */
  readonly register: (image: string, healthCheck?: Sdk.HealthCheck) => string
  /** Creates the service `web` in the cluster `main`, which is made as well. */
  readonly serve: (input?: Partial<Sdk.CreateServiceRequest>) => void
  readonly web: () => Filled<Sdk.Service>
}

const ECS_NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'] } }

export function createEcsWorld(): EcsWorld {
  const clock = createManualClock()
  const images: Record<string, ImageBehaviour> = {}
  const state = ecs.createState()
  const peers = new Map<string, unknown>()
  const context: Call = {
    accountId: '111122223333',
    region: 'eu-central-1',
    partition: 'aws',
    requestId: 'request',
    accessKeyId: 'AKIA',
    userAgent: 'test',
    clock,
    uuid: createUuidSource(7),
    peer: <State>(service: SimulatedService<State>): State => {
      if (!peers.has(service.id)) peers.set(service.id, service.createState())
      return peers.get(service.id) as State
    },
    scenario: { images },
    calls: () => [],
  }
  const call: EcsWorld['call'] = (name, input) => {
    const handler = ecs.operations[name]
    if (!handler) throw new Error(`${name} is not modelled`)
    return handler(input as never, state, context) as never
  }
  const register: EcsWorld['register'] = (image, healthCheck) =>
    call('RegisterTaskDefinition', {
      family: 'app',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image, healthCheck }],
    }).taskDefinition.taskDefinitionArn
  const world: EcsWorld = {
    clock,
    images,
    call,
    peer: context.peer,
    register,
    serve: (input) => {
      call('CreateCluster', { clusterName: 'main' })
      call('CreateService', {
        cluster: 'main',
        serviceName: 'web',
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: ECS_NETWORK,
        taskDefinition: input?.taskDefinition ?? register('v1'),
        ...input,
      })
    },
    web: () => {
      const [service] = call('DescribeServices', { cluster: 'main', services: ['web'] }).services
      if (!service) throw new Error('web is missing')
      return service
    },
  }
  return world
}
