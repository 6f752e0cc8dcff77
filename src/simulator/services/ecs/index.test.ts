import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ECS, ResourceInUseException, ServiceNotFoundException } from '@aws-sdk/client-ecs'
import { createTestAws, TEST_REGION, type TestAws } from '../../../../test/support/aws.ts'
import { ecs } from './index.ts'

const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1'] } }

function createClient() {
  const aws = createTestAws()
  const credentials = { accessKeyId: `AKIA${aws.accountId}TEST`, secretAccessKey: 'simulated' }
  return { aws, client: new ECS({ region: TEST_REGION, credentials, requestHandler: aws.requestHandler }) }
}

async function useServices({ aws, client }: { aws: TestAws; client: ECS }, taskDefinition: string): Promise<void> {
  const capacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]
  const serviceConnectConfiguration = { enabled: true, namespace: 'shop' }
  const cluster = 'main'
  const web = { cluster, service: 'web' }
  const created = { taskDefinition, desiredCount: 2, capacityProviderStrategy, networkConfiguration: NETWORK }
  await client.createService({ cluster, serviceName: 'web', ...created, serviceConnectConfiguration })
  await aws.advance(120)
  const { services } = await client.describeServices({ cluster, services: ['web'], include: ['TAGS'] })
  const [service] = services ?? []
  assert.equal(service?.runningCount, 2)
  await client.listServices({ cluster })
  await client.listServicesByNamespace({ namespace: 'shop' })
  const updated = await client.updateService({ ...web, forceNewDeployment: true })
  await client.listServiceDeployments({ ...web })
  const serviceDeploymentArn = updated.service?.currentServiceDeployment ?? ''
  await aws.advance(60)
  await client.stopServiceDeployment({ serviceDeploymentArn })
  const { serviceDeployments } = await client.describeServiceDeployments({
    serviceDeploymentArns: [serviceDeploymentArn],
  })
  const [rollout] = serviceDeployments ?? []
  assert.equal(rollout?.status, 'ROLLBACK_IN_PROGRESS')
  await client.describeServiceRevisions({
    serviceRevisionArns: [rollout.rollback?.serviceRevisionArn ?? ''],
  })
}

test('every modelled operation answers over the wire in the shape of its model', async () => {
  const { aws, client } = createClient()
  const cluster = 'main'
  const providers = { capacityProviders: ['FARGATE', 'FARGATE_SPOT'], defaultCapacityProviderStrategy: [] }
  await client.createCluster({ clusterName: cluster, ...providers, tags: [{ key: 'a', value: 'b' }] })
  await aws.advance(10)
  await client.putClusterCapacityProviders({ cluster, ...providers })
  await client.updateCluster({ cluster, settings: [{ name: 'containerInsights', value: 'enabled' }] })
  await client.updateClusterSettings({ cluster, settings: [{ name: 'containerInsights', value: 'disabled' }] })
  await client.putAccountSetting({ name: 'containerInsights', value: 'enabled' })
  await client.putAccountSettingDefault({ name: 'containerInsights', value: 'enabled' })
  await client.listAccountSettings({ effectiveSettings: true })
  await client.describeCapacityProviders({ include: ['TAGS'] })
  const containerDefinitions = [{ name: 'app', image: 'nginx', portMappings: [{ containerPort: 80 }] }]
  const content = { family: 'app', networkMode: 'awsvpc', cpu: '256', memory: '512', containerDefinitions } as const
  const registered = await client.registerTaskDefinition({ ...content, containerDefinitions })
  const taskDefinition = registered.taskDefinition?.taskDefinitionArn ?? ''
  await client.describeTaskDefinition({ taskDefinition, include: ['TAGS'] })
  await client.listTaskDefinitions({ familyPrefix: 'app' })
  await client.listTaskDefinitionFamilies({})

  await useServices({ aws, client }, taskDefinition)
  const run = await client.runTask({ cluster, taskDefinition, launchType: 'FARGATE', networkConfiguration: NETWORK })
  const task = run.tasks?.[0]?.taskArn ?? ''
  await aws.advance(60)
  const resourceArn = task
  await client.tagResource({ resourceArn, tags: [{ key: 'a', value: 'b' }] })
  await client.listTagsForResource({ resourceArn })
  await client.untagResource({ resourceArn, tagKeys: ['a'] })
  await client.describeTasks({ cluster, tasks: [task], include: ['TAGS'] })
  await client.listTasks({ cluster })
  await client.stopTask({ cluster, task })
  await client.deleteService({ cluster, service: 'web', force: true })
  await client.deregisterTaskDefinition({ taskDefinition })
  await client.deleteTaskDefinitions({ taskDefinitions: [taskDefinition] })
  await aws.advance(120)
  await client.deleteCluster({ cluster })
  await client.describeClusters({ clusters: [cluster], include: ['STATISTICS', 'SETTINGS', 'TAGS'] })
  await client.listClusters({})

  const called = new Set(aws.simulator.log.calls().map(({ operation }) => operation))
  assert.deepEqual(
    Object.keys(ecs.operations).filter((operation) => !called.has(operation)),
    [],
  )
})

test('errors arrive as the SDK’s own classes', async () => {
  const { aws, client } = createClient()
  await client.createCluster({ clusterName: 'main', capacityProviders: ['FARGATE'] })
  await aws.advance(10)
  await assert.rejects(client.updateService({ cluster: 'main', service: 'web' }), ServiceNotFoundException)

  const containerDefinitions = [{ name: 'app', image: 'nginx' }]
  await client.registerTaskDefinition({
    family: 'app',
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions,
  })
  const capacityProviderStrategy = [{ capacityProvider: 'FARGATE', weight: 1 }]
  const web = { cluster: 'main', serviceName: 'web', taskDefinition: 'app', desiredCount: 1 }
  await client.createService({ ...web, capacityProviderStrategy, networkConfiguration: NETWORK })
  const put = { cluster: 'main', capacityProviders: [], defaultCapacityProviderStrategy: [] }
  await assert.rejects(client.putClusterCapacityProviders(put), ResourceInUseException)
})

test('what AWS would miss is counted, and nothing is left after a tear-down', async () => {
  const { aws, client } = createClient()
  await client.createCluster({ clusterName: 'main' })
  const live = (): unknown => aws.simulator.countLive()['ecs']
  assert.deepEqual(live(), { clusters: 1, services: 0, tasks: 0, taskDefinitions: 0 })
  await client.deleteCluster({ cluster: 'main' })
  assert.deepEqual(live(), { clusters: 0, services: 0, tasks: 0, taskDefinitions: 0 })
})
