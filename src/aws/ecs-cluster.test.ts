import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerError, createAnsweringAws } from '../../test/support/answering-aws.ts'
import type { EcsCluster } from './ecs-cluster.ts'

const live = new AbortController().signal
const ARN = 'arn:aws:ecs:eu-central-1:123456789012:cluster/'

function wire(clusterName: string, more: object = {}): object {
  return { clusterName, clusterArn: ARN + clusterName, status: 'ACTIVE', ...more }
}

const bare: EcsCluster = {
  clusterName: 'a',
  arn: `${ARN}a`,
  status: 'ACTIVE',
  registeredContainerInstancesCount: 0,
  runningTasksCount: 0,
  pendingTasksCount: 0,
  activeServicesCount: 0,
  drainingServicesCount: 0,
  containerInsights: undefined,
  configuration: {},
  serviceConnectNamespace: undefined,
  attachmentsStatus: undefined,
  capacityProviders: [],
  defaultCapacityProviderStrategy: [],
  tags: {},
}

test('a cluster of which ECS says little reads as bare', async () => {
  const { run, sent } = createAnsweringAws({ DescribeClusters: () => ({ clusters: [wire('a')] }) })

  assert.deepEqual(await run(({ ecsClusters }) => ecsClusters.cluster('a', live)), bare)
  assert.deepEqual(sent[0]?.input, {
    clusters: ['a'],
    include: ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'],
  })
})

test('a cluster reads with settings, counts, capacity and tags', async () => {
  const configuration = { executeCommandConfiguration: { logging: 'NONE' } } as const
  const cluster = wire('a', {
    runningTasksCount: 3,
    statistics: [
      { name: 'drainingFargateServiceCount', value: '1' },
      { name: 'drainingEC2ServiceCount', value: '2' },
      { name: 'activeFargateServiceCount', value: '9' },
    ],
    settings: [{ name: 'containerInsights', value: 'enhanced' }],
    configuration,
    serviceConnectDefaults: { namespace: 'arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-1' },
    attachmentsStatus: 'UPDATE_COMPLETE',
    capacityProviders: ['FARGATE'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    tags: [{ key: 'team', value: 'blue' }],
  })
  const { run } = createAnsweringAws({ DescribeClusters: () => ({ clusters: [cluster] }) })

  assert.deepEqual(await run(({ ecsClusters }) => ecsClusters.cluster('a', live)), {
    ...bare,
    runningTasksCount: 3,
    drainingServicesCount: 3,
    containerInsights: 'enhanced',
    configuration,
    serviceConnectNamespace: 'arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-1',
    attachmentsStatus: 'UPDATE_COMPLETE',
    capacityProviders: ['FARGATE'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }],
    tags: { team: 'blue' },
  })
})

test('a cluster that ECS calls MISSING does not exist; another reason says nothing about it', async () => {
  const { run } = createAnsweringAws({
    DescribeClusters: () => ({
      clusters: [wire('a')],
      failures: [
        { arn: `${ARN}gone`, reason: 'MISSING' },
        { arn: `${ARN}odd`, reason: 'SOMETHING_ELSE' },
      ],
    }),
  })

  const [a, gone, odd] = await run(({ ecsClusters }) =>
    Promise.allSettled(['a', 'gone', 'odd'].map((name) => ecsClusters.cluster(name, live))),
  )

  assert.equal(a?.status, 'fulfilled')
  assert.deepEqual(gone, { status: 'fulfilled', value: undefined })
  assert.equal(odd?.status === 'rejected' && odd.reason.code, 'unexpected')
})

test('all clusters are read page by page', async () => {
  const { run } = createAnsweringAws({
    ListClusters: ({ nextToken }) =>
      nextToken === 'two' ? { clusterArns: [`${ARN}b`] } : { clusterArns: [`${ARN}a`], nextToken: 'two' },
    DescribeClusters: ({ clusters }) => ({
      clusters: (clusters as string[]).map((arn) => wire(arn.slice(ARN.length))),
    }),
  })

  const all = await run(({ ecsClusters }) => ecsClusters.allClusters(live))

  assert.deepEqual(
    all.map(({ clusterName }) => clusterName),
    ['a', 'b'],
  )
})

test('an account without clusters is asked for no descriptions', async () => {
  const { run, sent } = createAnsweringAws({ ListClusters: () => ({}) })

  assert.deepEqual(await run(({ ecsClusters }) => ecsClusters.allClusters(live)), [])
  assert.equal(sent.length, 1)
})

test('a new cluster is sent with what is managed', async () => {
  const { run, sent } = createAnsweringAws({ CreateCluster: () => ({ cluster: wire('a') }) })

  const created = await run(({ ecsClusters }) =>
    ecsClusters.createCluster(
      {
        clusterName: 'a',
        tags: { team: 'blue' },
        containerInsights: 'enabled',
        capacity: {
          capacityProviders: ['FARGATE'],
          defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }],
        },
      },
      live,
    ),
  )

  assert.deepEqual(created, bare)
  assert.deepEqual(sent[0]?.input, {
    clusterName: 'a',
    tags: [{ key: 'team', value: 'blue' }],
    settings: [{ name: 'containerInsights', value: 'enabled' }],
    capacityProviders: ['FARGATE'],
    defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }],
  })
})

test('an update sends what changes, and an empty namespace to remove it', async () => {
  const { run, sent } = createAnsweringAws({ UpdateCluster: () => ({}) })

  await run(({ ecsClusters }) => ecsClusters.updateCluster('a', { serviceConnectNamespace: '' }, live))

  assert.deepEqual(sent[0]?.input, { cluster: 'a', serviceConnectDefaults: { namespace: '' } })
})

test('deleting a cluster that is gone succeeds, one that is used is refused', async () => {
  const answers = [answerError('ClusterNotFoundException'), answerError('ClusterContainsServicesException')]
  const { run } = createAnsweringAws({ DeleteCluster: () => answers.shift() })

  await run(({ ecsClusters }) => ecsClusters.deleteCluster('a', live))
  await assert.rejects(
    run(({ ecsClusters }) => ecsClusters.deleteCluster('a', live)),
    { code: 'in-use' },
  )
})
