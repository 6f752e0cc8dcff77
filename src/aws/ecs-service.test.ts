import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestAws } from '../../test/support/aws.ts'
import { claimantFor } from './pace.ts'

const signal = new AbortController().signal

/** A cluster `main` with services `s0` … of one revision. */
async function awsWithServices(count: number) {
  const aws = createTestAws({ throttling: 'off' })
  const { ecsClusters, ecsServices, ecsTaskDefinitions } = aws.session
  await aws.drive(ecsClusters.createCluster({ clusterName: 'main', tags: {} }, signal))
  const content = {
    cpu: '256',
    memory: '512',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    containerDefinitions: [{ name: 'web', image: 'web' }],
  } as const
  const taskDefinition = await aws.drive(
    ecsTaskDefinitions.register({ family: 'web', content, tags: { a: '1' } }, signal),
  )
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } }
  for (let index = 0; index < count; index++) {
    const service = { cluster: 'main', serviceName: `s${index}`, taskDefinition, networkConfiguration, tags: {} }
    await aws.drive(ecsServices.createService({ ...service, desiredCount: 0, launchType: 'FARGATE' }, signal))
  }
  return { aws, taskDefinition }
}

test('services that are asked for together are read ten in a call', async () => {
  const { aws } = await awsWithServices(12)
  const names = Array.from({ length: 13 }, (_, index) => `s${index}`)

  const read = names.map((service) => aws.session.ecsServices.readService({ cluster: 'main', service }, signal))
  const services = await aws.drive(Promise.all(read))

  assert.deepEqual(
    services.map((service) => service?.name),
    [...names.slice(0, 12), undefined],
  )
  assert.equal(aws.simulator.log.calls({ operation: 'DescribeServices' }).length, 2)
})

test('of services in a cluster that does not exist it is said that the cluster does not', async () => {
  const { aws } = await awsWithServices(0)
  const read = (service: string) => aws.session.ecsServices.readService({ cluster: 'none', service }, signal)

  const reads = [read('s0'), read('s1')].map((each) => assert.rejects(each, { code: 'not-found' }))
  await aws.drive(Promise.all(reads))

  assert.equal(aws.simulator.log.calls({ operation: 'DescribeServices' }).length, 1)
})

test('a revision is described once, and again after its tags were changed', async () => {
  const { aws, taskDefinition } = await awsWithServices(0)
  const { ecsTaskDefinitions } = aws.session
  const digestOf = () => 'digest'
  const describes = () => aws.simulator.log.calls({ operation: 'DescribeTaskDefinition' }).length

  await aws.drive(ecsTaskDefinitions.listActive('web', digestOf, signal))
  const [before] = await aws.drive(ecsTaskDefinitions.listActive('web', digestOf, signal))
  assert.deepEqual([before?.tags, describes()], [{ a: '1' }, 1])

  const owner = { installationId: 'here', namespace: 'demo', kind: 'EcsService', name: 'web' }
  await aws.drive(
    aws.session.actingFor(claimantFor(owner, 'change')).ecsTaskDefinitions.untag(taskDefinition, ['a'], signal),
  )
  const [after] = await aws.drive(ecsTaskDefinitions.listActive('web', digestOf, signal))
  assert.deepEqual([after?.tags, describes()], [{}, 2])
})

test('the past of a service is read again only when something happened to it', async () => {
  const { aws } = await awsWithServices(1)
  const { ecsServices } = aws.session
  const ref = { cluster: 'main', service: 's0' }
  const lists = () => aws.simulator.log.calls({ operation: 'ListServiceDeployments' }).length
  const look = async () => {
    const service = await aws.drive(ecsServices.readService(ref, signal))
    assert.ok(service)
    return aws.drive(ecsServices.readRollouts(service, signal))
  }
  await aws.advance(300)

  await look()
  const [first] = await look()
  assert.deepEqual([first?.status, lists()], ['SUCCESSFUL', 1])

  await aws.drive(ecsServices.updateService({ ...ref, forceNewDeployment: true }, signal))
  assert.equal((await look()).length, 2)
  const begun = lists()
  await look()
  assert.equal(lists(), begun, 'nothing has happened since')

  await aws.advance(300)
  const [newest] = await look()
  assert.deepEqual([newest?.status, lists()], ['SUCCESSFUL', begun + 1])
})

test('an aborted read says so', async () => {
  const { aws } = await awsWithServices(0)

  await assert.rejects(aws.session.ecsServices.readService({ cluster: 'main', service: 's0' }, AbortSignal.abort()), {
    code: 'aborted',
  })
})
