import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionOf, errorsIn, exampleAt, leftovers, startJourney } from '../support/journey.ts'

// examples/first-service, as its README tells it. Each step goes on where the one before it left. AWS's time stands still
// unless it is wound, so that what is only there for a while can be looked at.
const { kubectl, read, eventually, reconcileNow, simulator, operator } = await startJourney(import.meta.url, {
  clock: 'manual',
})
const example = exampleAt('first-service')
const ready = ['wait', '--for=condition=Ready', '--timeout=60s'] as const

/** A Fargate task of the simulator runs after 45 s and counts as healthy 40 s later (docs/fidelity.md). */
const TASK_RUNS_SECONDS = 60
const ROLLOUT_SECONDS = 180
/** What a person takes for at once, with two runs of kubectl in it. */
const LOOK_SECONDS = 10

async function ecsService() {
  const { clusters } = await simulator.ecs()
  const services = Object.values(clusters).flatMap((cluster) => Object.values(cluster.services))
  return services.find(({ status }) => status === 'ACTIVE') ?? assert.fail('ECS has no active service')
}

test('the service is Ready when the rollout is finished, not when ECS took the order or the task runs', async () => {
  await kubectl('apply', '--filename', example)
  await eventually('a service that rolls out', async () => (await readyCondition())?.reason === 'RollingOut')
  assert.equal((await readyCondition())?.status, 'False')

  await simulator.advance(TASK_RUNS_SECONDS)
  await reconcileNow('ecsservice/hello')
  assert.equal((await read('ecsservices', 'hello'))?.status?.runningCount, 1)
  assert.equal((await readyCondition())?.reason, 'RollingOut')

  await simulator.advance(ROLLOUT_SECONDS)
  await kubectl(...ready, 'ecsservice/hello', 'ecrrepository/hello', 'ecscluster/demo-cluster')
  assert.deepEqual(
    (await ecsService()).deployments.map(({ rolloutState }) => rolloutState),
    ['COMPLETED'],
  )
})

async function readyCondition() {
  return conditionOf(await read('ecsservices', 'hello'), 'Ready')
}

test('kubectl get shows each object in a line, with the figures that matter', async () => {
  // The cluster is looked at again soon after its service has changed.
  await eventually('a cluster that counts its task', async () =>
    / 1 +1 +0 /.test(await kubectl('get', 'ecscluster', 'demo-cluster')),
  )
  const [repository = '', cluster = '', service = ''] = await tableOf('longshore')

  assert.match(
    repository,
    /^ecrrepository\S+\/hello +True +InSync +\d{12}\.dkr\.ecr\.\S+\/hello +IMMUTABLE +(\d+ +)?\d+s$/,
  )
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
    await eventually(`${count} tasks asked for`, async () => (await ecsService()).desiredCount === count)
    await simulator.advance(ROLLOUT_SECONDS)
    await kubectl(...ready, 'ecsservice/hello')

    const { desiredCount, liveTasks, deployments } = await ecsService()
    assert.deepEqual([desiredCount, Object.keys(liveTasks).length, deployments.length], [count, count, 1])
    assert.equal(await kubectl('get', 'ecsservice', 'hello', '--output=jsonpath={.status.runningCount}'), `${count}`)
  })
}

test('applying the manifest again leaves the count to whoever scaled', async () => {
  const before = await simulator.writes()
  const said = await kubectl('apply', '--filename', example)
  await reconcileNow('ecsservice/hello')
  await kubectl(...ready, 'ecsservice/hello')

  assert.match(said, /ecsservice\.longshore\.dev\/hello unchanged/)
  assert.equal((await ecsService()).desiredCount, 0)
  assert.deepEqual(await simulator.writes(), before)
})

test('a look on request is made at once, once, and shows in status', async () => {
  const looks = await simulator.countCalls('DescribeServices')
  const writes = await simulator.writes()
  const startedAt = performance.now()

  await reconcileNow('ecsservice/hello')
  const seconds = (performance.now() - startedAt) / 1000
  // The second one shows that the first was not followed by more.
  await reconcileNow('ecsservice/hello')

  assert.equal((await simulator.countCalls('DescribeServices')) - looks, 2)
  assert.deepEqual(await simulator.writes(), writes)
  assert.ok(seconds < LOOK_SECONDS, `it took ${seconds} s`)
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
  await kubectl('delete', '--filename', example, '--wait=false')
  await eventually('no object', async () => {
    await simulator.advance(10)
    return (await kubectl('get', 'longshore', '--output=name')) === ''
  })

  assert.deepEqual(await leftovers(simulator), {})
  assert.equal(await kubectl('get', 'longshore,configmaps,secrets', '--output=name'), '')
})

test('the operator had nothing to complain about', async () => {
  assert.deepEqual(errorsIn(await operator.log()), [])
})
