import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import {
  type ManagedObject,
  conditionOf,
  errorsIn,
  exampleAt,
  isReady,
  leftovers,
  startJourney,
} from '../support/journey.ts'
import { type TaskCounts, countTasksDuring } from '../support/task-watch.ts'

// examples/new-version, as its README tells it. Each step goes on where the one before it left.
const images = { 'nginxdemos/hello:v3': { type: 'cannot-pull' } } as const
const { kubectl, applyText, read, eventually, reconcileNow, simulator, operator } = await startJourney(
  import.meta.url,
  { images },
)
const manifest = await readFile(exampleAt('new-version/service.yaml'), 'utf8')

/** As the README's `sed … | kubectl apply -f -` has it. */
function release(version: string): Promise<string> {
  return applyText(manifest.replace('hello:v1', `hello:${version}`))
}

function ready(revision: number): Promise<ManagedObject> {
  return eventually(`revision ${revision} Ready`, async () => {
    const object = await read('ecsservices', 'web')
    return isReady(object) && object?.status?.revision?.endsWith(`:${revision}`) === true ? object : undefined
  })
}

/** Rolled back, and by another deployment than `before`. */
function rolledBack(before?: string): Promise<ManagedObject> {
  return eventually('a rollout that was rolled back', async () => {
    const object = await read('ecsservices', 'web')
    const isOther = object?.status?.rollout?.deploymentId !== before
    return conditionOf(object, 'Ready')?.reason === 'RolledBack' && isOther ? object : undefined
  })
}

/** minimumHealthyPercent 75 and maximumPercent 125 of four tasks. */
function assertInBand(counts: readonly TaskCounts[]): void {
  assert.deepEqual(
    counts.filter(({ running, wanted }) => running < 3 || wanted > 5),
    [],
  )
}

async function serviceUpdates() {
  return (await simulator.writes()).filter(({ operation }) => operation === 'UpdateService')
}

test('the first version comes up', async () => {
  await kubectl('apply', '--filename', exampleAt('new-version'))

  assert.equal((await ready(1)).status?.runningCount, 4)
})

test('the second version replaces it without leaving the band', async () => {
  const counts = await countTasksDuring(simulator, async () => {
    await release('v2')
    await ready(2)
  })

  assertInBand(counts)
  // It was watched while it happened: both versions ran side by side.
  assert.deepEqual([counts[0]?.revisions, counts.at(-1)?.revisions], [['1'], ['2']])
  assert.ok(counts.some(({ revisions }) => revisions.length === 2))
})

test('a third version that cannot be pulled is rolled back, and the object says which and why', async () => {
  let object: ManagedObject | undefined
  const counts = await countTasksDuring(simulator, async () => {
    await release('v3')
    object = await rolledBack()
  })

  assertInBand(counts)
  assert.deepEqual([...new Set(counts.flatMap(({ revisions }) => revisions))], ['2'])
  const sentence =
    /^spec\.taskDefinition: The rollout of \S+_web:3 \(deployment \S+\) failed: .*CannotPullContainerError.* ECS rolled back; the service runs \S+_web:2\./
  assert.match(conditionOf(object, 'Ready')?.message ?? '', sentence)
  assert.equal(conditionOf(object, 'Stalled')?.status, 'True')
  assert.equal(conditionOf(object, 'Available')?.status, 'True')
  assert.match(await kubectl('events', '--for=ecsservice/web', '--types=Warning'), /RolledBack .*The rollout of/)
})

test('neither a killed operator nor a reconciliation on request tries it again, and it still scales', async () => {
  const updates = await serviceUpdates()
  await operator.kill()
  await operator.start()
  await reconcileNow('ecsservice/web')
  await kubectl('scale', 'ecsservice', 'web', '--replicas=5')
  await eventually('five tasks', async () => (await read('ecsservices', 'web'))?.status?.runningCount === 5)
  await rolledBack()

  const since = (await serviceUpdates()).slice(updates.length)
  assert.deepEqual(
    since.map(({ parameters }) => Object.keys(Object(parameters)).toSorted()),
    [['cluster', 'desiredCount', 'service']],
  )
})

test('the retry annotation tries once', async () => {
  const updates = await serviceUpdates()
  const { deploymentId = '' } = (await rolledBack()).status?.rollout ?? {}

  await kubectl('annotate', 'ecsservice', 'web', `longshore.dev/retry-rollout=${deploymentId}`)
  await rolledBack(deploymentId)

  assert.equal((await serviceUpdates()).length, updates.length + 1)
})

test('an edit to a version that works is Ready', async () => {
  await release('v4')

  assert.equal((await ready(4)).status?.runningCount, 4)
  assert.match(await kubectl('get', 'ecsservice', 'web'), /web +True +InSync .*_web:4 /)
})

test('deletion in another order than creation leaves nothing', async () => {
  const files = ['service.yaml', 'cluster.yaml'].map((name) => `--filename=${exampleAt(`new-version/${name}`)}`)
  await kubectl('delete', ...files, '--timeout=60s')

  assert.deepEqual(await leftovers(simulator), {})
  assert.equal(await kubectl('get', 'longshore', '--output=name'), '')
})

test('the operator had nothing to complain about', async () => {
  assert.deepEqual(errorsIn(await operator.log()), [])
})
