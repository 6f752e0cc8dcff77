import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionOf, errorsIn, exampleAt, leftovers, startJourney } from '../support/journey.ts'

// examples/first-service, as its README tells it. Each step goes on where the one before it left.
const { kubectl, read, eventually, reconcileNow, simulator, operator } = await startJourney(import.meta.url)
const example = exampleAt('first-service')
const ready = ['wait', '--for=condition=Ready', '--timeout=60s'] as const

async function ecsService() {
  const { clusters } = await simulator.ecs()
  const services = Object.values(clusters).flatMap((cluster) => Object.values(cluster.services))
  return services.find(({ status }) => status === 'ACTIVE') ?? assert.fail('ECS has no active service')
}

test('the service is Ready when the rollout is finished, not when ECS took the order', async () => {
  await kubectl('apply', '--filename', example)
  await kubectl(...ready, 'ecrrepository/hello', 'ecscluster/demo-cluster')
  const service = await eventually('a service that rolls out', async () => {
    const object = await read('ecsservices', 'hello')
    return conditionOf(object, 'Ready')?.reason === 'RollingOut' ? object : undefined
  })
  assert.equal(conditionOf(service, 'Ready')?.status, 'False')
  assert.equal(conditionOf(service, 'Reconciling')?.status, 'True')

  await kubectl(...ready, 'ecsservice/hello')

  const { deployments, liveTasks } = await ecsService()
  assert.deepEqual(
    deployments.map(({ rolloutState }) => rolloutState),
    ['COMPLETED'],
  )
  assert.equal(Object.keys(liveTasks).length, 1)
})

test('kubectl get shows each object in a line, with the figures that matter', async () => {
  const [repository = '', cluster = '', service = ''] = await tableOf('longshore')

  assert.match(repository, /^ecrrepository\S+\/hello +True +InSync +\d{12}\.dkr\.ecr\.\S+\/hello +IMMUTABLE +\d+s$/)
  assert.match(cluster, /^ecscluster\S+\/demo-cluster +True +InSync +1 +1 +0 +\d+s$/)
  assert.match(service, /^ecsservice\S+\/hello +True +InSync +\S+_demo-cluster +1 +1 +\S+_hello:1 +\d+s$/)
})

async function tableOf(resource: string): Promise<readonly string[]> {
  const table = await kubectl('get', resource)
  return table.split('\n').filter((line) => line !== '' && !line.startsWith('NAME'))
}

for (const { fact, count } of [
  { fact: 'kubectl scale to three tasks', count: 3 },
  { fact: 'kubectl scale to none', count: 0 },
]) {
  test(`${fact}: Ready again when they run`, async () => {
    await kubectl('scale', 'ecsservice', 'hello', `--replicas=${count}`)
    await kubectl(...ready, 'ecsservice/hello')

    const { desiredCount, liveTasks, deployments } = await ecsService()
    assert.deepEqual([desiredCount, Object.keys(liveTasks).length, deployments.length], [count, count, 1])
    assert.equal(await kubectl('get', 'ecsservice', 'hello', '--output=jsonpath={.status.runningCount}'), `${count}`)
  })
}

test('applying the manifest again leaves the count to whoever scaled', async () => {
  const before = await simulator.writes()
  const said = await kubectl('apply', '--filename', example)
  await reconcileNow('ecsservice/hello', 'DescribeServices')
  await kubectl(...ready, 'ecsservice/hello')

  assert.match(said, /ecsservice\.longshore\.dev\/hello unchanged/)
  assert.equal((await ecsService()).desiredCount, 0)
  assert.deepEqual(await simulator.writes(), before)
})

test('kubectl describe tells what ECS says and what was done', async () => {
  const described = await kubectl('describe', 'ecsservice', 'hello')

  for (const told of [
    /Message: +\(service \S+_hello\) has started 2 tasks: \(task \w+\) \(task \w+\)\./,
    /Message: +\(service \S+_hello\) has reached a steady state\./,
    /Normal +Created .* create service \S+_hello in cluster \S+_demo-cluster/,
    /Normal +Updated .* scale from 1 to 3 tasks/,
    /Normal +Updated .* scale from 3 to 0 tasks/,
  ]) {
    assert.match(described, told)
  }
})

test('one kubectl delete leaves nothing, in AWS and in the namespace', async () => {
  await kubectl('delete', '--filename', example, '--timeout=60s')

  assert.deepEqual(await leftovers(simulator), {})
  assert.equal(await kubectl('get', 'longshore,configmaps,secrets', '--output=name'), '')
})

test('the operator had nothing to complain about', async () => {
  assert.deepEqual(errorsIn(await operator.log()), [])
})
