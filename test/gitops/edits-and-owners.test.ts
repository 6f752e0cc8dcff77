import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKubectl } from '../../tools/control-plane/kubectl.ts'
import { errorsIn } from '../support/journey.ts'
import { keepExample } from '../support/kept-example.ts'

// Journey 19: examples/first-service, kept by Argo CD as examples/gitops/application.yaml says. Each step goes on where the one
// before it left.
const kept = await keepExample(import.meta.url)
const { begin, status, inStep, eventually, healthOfService, commitEdit, spec, assertNobodyPulls } = kept
const { namespace, kubeconfigPath, kubectl, read, operator } = kept.journey
const IMAGE = 'taskDefinition.containerDefinitions[0].image'

async function runningTasks(count: number): Promise<void> {
  await eventually(`${count} tasks and Healthy`, async () => {
    const running = (await read('ecsservices', 'hello'))?.status?.runningCount
    return running === count && (await healthOfService())?.status === 'Healthy'
  })
}

test('what is in Git is Synced at once, and Healthy when the rollout is finished', async () => {
  const revision = await begin()

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
  const revision = await commitEdit('a count, and v3: a difference that is not ignored', (text) =>
    text.replace('spec:\n', 'spec:\n  desiredCount: 1\n').replace('hello:v2', 'hello:v3'),
  )
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
  const revision = await commitEdit('v4', (text) => text.replace('hello:v3', 'hello:v4'))
  await eventually('v4 in step', () => inStep(revision))

  assert.equal(await spec('propagateTags'), 'SERVICE')
  assert.match(await kubectl('get', 'ecsservice', 'hello', '--show-labels'), /cost-center=4711/)
  await assertNobodyPulls()
})

test('the operator had nothing to complain about', async () => {
  assert.deepEqual(errorsIn(await operator.log()), [])
})
