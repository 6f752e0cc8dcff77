import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKubectl } from '../../tools/control-plane/kubectl.ts'
import { applicationExample, applicationStatus, type ApplicationStatus } from '../support/application.ts'
import { startArgoCd } from '../support/argo-cd.ts'
import { createGitRepository } from '../support/git-repository.ts'
import { errorsIn, exampleAt, leftovers, startJourney } from '../support/journey.ts'

// Journey 19: examples/first-service, kept by Argo CD as examples/gitops/application.yaml says. Each step goes on where the one
// before it left.
const journey = await startJourney(import.meta.url, { cluster: 'own' })
const { namespace, kubeconfigPath, kubectl, read, simulator, operator } = journey
const argo = await startArgoCd(kubeconfigPath)
const repository = await createGitRepository()
const NAME = 'first-service'
const SERVICE = 'examples/first-service/service.yaml'
/** As often as it takes to see a tug-of-war: each look that finds a difference begins a sync. */
const LOOKS = 3

async function status(): Promise<ApplicationStatus> {
  return (await applicationStatus(argo, NAME)) ?? {}
}

/** With what Argo CD says, when it was not seen. */
const eventually: typeof journey.eventually = (what, ask) =>
  journey.eventually(what, ask).catch(async (error: Error) => {
    throw new Error(`${error.message}\nThe Application:\n${JSON.stringify(await status(), undefined, 2)}`)
  })

async function inStep(revision: string): Promise<boolean> {
  const { sync, health } = await status()
  return sync?.status === 'Synced' && sync.revision === revision && health?.status === 'Healthy'
}

async function healthOfService() {
  const { resources = [] } = await status()
  return resources.find(({ kind }) => kind === 'EcsService')?.health
}

/** Has Argo CD forget what it knows of Git and cluster, and compare anew. */
async function look(): Promise<void> {
  await argo('annotate', 'application', NAME, 'argocd.argoproj.io/refresh=hard')
  const wish = ['get', 'application', NAME, '--output=jsonpath={.metadata.annotations.argocd\\.argoproj\\.io/refresh}']
  await eventually('a look of Argo CD', async () => (await argo(...wish)) === '')
}

/** Everything that would move in a tug-of-war. */
async function positions() {
  const generations = '--output=jsonpath={range .items[*]}{.kind}={.metadata.generation} {end}'
  const { sync, operationState } = await status()
  return {
    sync: sync?.status,
    lastSync: operationState?.startedAt,
    generations: await kubectl('get', 'longshore', generations),
    awsWrites: (await simulator.writes()).map(({ operation }) => operation),
  }
}

async function assertNobodyPulls(): Promise<void> {
  const before = await positions()
  for (let looks = 0; looks < LOOKS; looks += 1) await look()

  assert.equal(before.sync, 'Synced')
  assert.deepEqual(await positions(), before)
}

/** What the service's spec says, `{.spec…}`. */
function spec(path: string): Promise<string> {
  return kubectl('get', 'ecsservice', 'hello', `--output=jsonpath={.spec.${path}}`)
}

const IMAGE = 'taskDefinition.containerDefinitions[0].image'

async function commitEdit(message: string, change: (text: string) => string): Promise<string> {
  await repository.edit(SERVICE, change)
  return repository.commit(message)
}

async function runningTasks(count: number): Promise<void> {
  await eventually(`${count} tasks and Healthy`, async () => {
    const running = (await read('ecsservices', 'hello'))?.status?.runningCount
    return running === count && (await healthOfService())?.status === 'Healthy'
  })
}

test('what is in Git is Synced at once, and Healthy when the rollout is finished', async () => {
  const scripts = exampleAt('gitops/argocd-cm/by-kind.yaml')
  await createKubectl(kubeconfigPath)('apply', '--server-side', '--filename', scripts)
  await repository.copy(exampleAt('first-service'), 'examples/first-service')
  const revision = await repository.commit('a first service')
  const application = await applicationExample({ repoURL: repository.url, namespace })
  await createKubectl(kubeconfigPath, JSON.stringify(application))('apply', '--filename', '-')

  await eventually('a service that rolls out', async () => {
    const { sync, health } = await status()
    return sync?.status === 'Synced' && health?.status === 'Progressing'
  })
  await eventually('an Application in step', () => inStep(revision))
  assert.deepEqual(
    (await status()).resources?.map(({ kind, name, status: sync, health: { status: seen } = {} }) => [
      kind,
      name,
      sync,
      seen,
    ]),
    [
      ['EcrRepository', 'hello', 'Synced', 'Healthy'],
      ['EcsCluster', 'demo-cluster', 'Synced', 'Healthy'],
      ['EcsService', 'hello', 'Synced', 'Healthy'],
    ],
  )
})

test('what the operator fills in and writes down is no difference, however often Argo CD looks', async () => {
  assert.equal(await spec('desiredCount'), '1')

  await assertNobodyPulls()
})

test('an edit in Git rolls out', async () => {
  const revision = await commitEdit('v2', (text) => text.replace('hello:v1', 'hello:v2'))

  await eventually('v2 in step', () => inStep(revision))
  assert.match((await read('ecsservices', 'hello'))?.status?.revision ?? '', /_hello:2$/)
})

test('what somebody changed by hand is put back', async () => {
  const image = [{ op: 'replace', path: '/spec/taskDefinition/containerDefinitions/0/image', value: 'by-hand' }]
  await kubectl('patch', 'ecsservice', 'hello', '--type=json', `--patch=${JSON.stringify(image)}`)

  await eventually('the image that Git says', async () => (await spec(IMAGE)) === 'nginxdemos/hello:v2')
  await runningTasks(1)
})

test('kubectl scale is not fought', async () => {
  await kubectl('scale', 'ecsservice', 'hello', '--replicas=3')
  await runningTasks(3)

  await assertNobodyPulls()
})

test('kubectl scale is not fought either when the manifest says a count', async () => {
  const revision = await commitEdit('a count', (text) => text.replace('spec:\n', 'spec:\n  desiredCount: 1\n'))
  await eventually('the count in step', () => inStep(revision))
  assert.equal(await spec('desiredCount'), '3')
  await kubectl('scale', 'ecsservice', 'hello', '--replicas=2')
  await runningTasks(2)

  await assertNobodyPulls()
})

test('a field that Git does not mention belongs to whoever wrote it, also through a sync', async () => {
  const metadata = { name: 'hello', namespace, labels: { 'cost-center': '4711' } }
  const others = {
    apiVersion: 'longshore.dev/v1alpha1',
    kind: 'EcsService',
    metadata,
    spec: { propagateTags: 'SERVICE' },
  }
  const apply = createKubectl(kubeconfigPath, JSON.stringify(others))
  await apply('apply', '--server-side', '--field-manager=somebody', '--filename=-')
  await eventually('the field in AWS', async () => (await healthOfService())?.status === 'Healthy')
  const revision = await commitEdit('v4', (text) => text.replace('hello:v2', 'hello:v4'))
  await eventually('v4 in step', () => inStep(revision))

  assert.equal(await spec('propagateTags'), 'SERVICE')
  assert.match(await kubectl('get', 'ecsservice', 'hello', '--show-labels'), /cost-center=4711/)
  await assertNobodyPulls()
})

test('what is paused in Git is Suspended, and nothing of it reaches AWS until it is let go', async () => {
  const pause = '    longshore.dev/paused: "true"\n'
  const before = (await simulator.writes()).length
  const revision = await commitEdit('hold it, with v5', (text) =>
    text.replace('annotations:\n', `annotations:\n${pause}`).replace('hello:v4', 'hello:v5'),
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

const CLUSTER = 'examples/first-service/cluster.yaml'

/** Everything that Git says at first, again. */
async function putAllBack(): Promise<void> {
  await repository.copy(exampleAt('first-service'), 'examples/first-service')
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
  await repository.copy(exampleAt('first-service'), 'examples/first-service')
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

  await argo('delete', 'application', NAME, '--timeout=60s')
  assert.equal(await kubectl('get', 'longshore', '--output=name'), '')
  assert.deepEqual(await leftovers(simulator), {})
})

test('the operator had nothing to complain about', async () => {
  assert.deepEqual(errorsIn(await operator.log()), [])
})
