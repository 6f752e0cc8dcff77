import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorsIn, exampleAt, leftovers } from '../support/journey.ts'
import { FOLDER, keepExample, SERVICE } from '../support/kept-example.ts'

// Journey 19: examples/first-service, kept by Argo CD as examples/gitops/application.yaml says. Each step goes on where the one
// before it left.
const kept = await keepExample(import.meta.url)
const { begin, repository, status, inStep, eventually, healthOfService, commitEdit, look, assertNobodyPulls } = kept
const { kubectl, simulator, operator } = kept.journey

test('what is paused in Git is Suspended, and nothing of it reaches AWS until it is let go', async () => {
  const first = await begin()
  await eventually('the first service', () => inStep(first))
  const pause = '    longshore.dev/paused: "true"\n'
  const before = (await simulator.writes()).length
  const revision = await commitEdit('hold it, with v5', (text) =>
    text.replace('annotations:\n', `annotations:\n${pause}`).replace('hello:v1', 'hello:v5'),
  )
  await eventually('a Suspended service', async () => {
    const { sync } = await status()
    return sync?.revision === revision && (await healthOfService())?.status === 'Suspended'
  })
  await look()
  assert.equal((await status()).health?.status, 'Suspended')
  assert.equal((await simulator.writes()).length, before)

  const released = await commitEdit('go on', (text) => text.replace(pause, ''))
  await eventually('v5 in step', () => inStep(released))
})

test('a rollout that failed is Degraded and says why, and the next commit mends it', async () => {
  await simulator.setImages({ 'nginxdemos/hello:v6': { type: 'cannot-pull' } })
  await commitEdit('v6, which nobody pushed', (text) => text.replace('hello:v5', 'hello:v6'))
  const health = await eventually('a Degraded service', async () => {
    const seen = await healthOfService()
    return seen?.status === 'Degraded' && seen
  })
  assert.match(health.message ?? '', /^RolledBack: .*CannotPullContainerError/)
  assert.equal((await status()).health?.status, 'Degraded')
  await assertNobodyPulls()

  const revision = await commitEdit('v7', (text) => text.replace('hello:v6', 'hello:v7'))
  await eventually('v7 in step', () => inStep(revision))
})

const CLUSTER = `${FOLDER}/cluster.yaml`

/** Everything that Git says at first, again. */
async function putAllBack(): Promise<void> {
  await repository.copy(exampleAt('first-service'), FOLDER)
  const revision = await repository.commit('all of it again')
  await eventually('all of it again', () => inStep(revision))
}

async function assertOnlyTheRepository(): Promise<void> {
  assert.equal(await kubectl('get', 'longshore', '--output=name'), 'ecrrepository.longshore.dev/hello\n')
  assert.deepEqual(await leftovers(simulator), { 'ecr repositories': 1 })
}

test('what goes from Git goes from AWS, a cluster together with what runs in it', async () => {
  await Promise.all([CLUSTER, SERVICE].map((path) => repository.remove(path)))
  const revision = await repository.commit('no cluster, no service')

  await eventually('the repository alone', () => inStep(revision))
  await assertOnlyTheRepository()
})

test('a cluster that goes from Git before what runs in it waits for that, and says so', async () => {
  await putAllBack()
  await repository.remove(CLUSTER)
  await repository.commit('no cluster')
  await eventually('a service that waits for its cluster', async () =>
    (await healthOfService())?.message?.startsWith('WaitingForReference: spec.clusterRef'),
  )
  assert.equal((await status()).health?.status, 'Progressing')
  await repository.remove(SERVICE)
  const revision = await repository.commit('no service')

  await eventually('the repository alone', () => inStep(revision))
  await assertOnlyTheRepository()
})

test('sync waves work, a cluster before what runs in it, and prune the other way round', async () => {
  const inWave = (wave: number) => (text: string) => {
    const annotation = `    argocd.argoproj.io/sync-wave: "${wave}"\n`
    return text.includes('  annotations:\n')
      ? text.replace('  annotations:\n', `  annotations:\n${annotation}`)
      : text.replace('metadata:\n', `metadata:\n  annotations:\n${annotation}`)
  }
  await repository.copy(exampleAt('first-service'), FOLDER)
  await repository.edit(CLUSTER, inWave(1))
  await repository.edit(SERVICE, inWave(2))
  const made = await repository.commit('all of it in waves')
  await eventually('all of it in waves', () => inStep(made))
  await Promise.all([CLUSTER, SERVICE].map((path) => repository.remove(path)))
  const pruned = await repository.commit('no cluster, no service')

  await eventually('the repository alone', () => inStep(pruned))
  await assertOnlyTheRepository()
})

test('with the Application goes all that it made', async () => {
  await putAllBack()

  await kept.remove()
  assert.equal(await kubectl('get', 'longshore', '--output=name'), '')
  assert.deepEqual(await leftovers(simulator), {})
})

test('the operator had nothing to complain about', async () => {
  assert.deepEqual(errorsIn(await operator.log()), [])
})
