import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { startControlPlane } from '../../tools/control-plane/control-plane.ts'
import { createKubectl } from '../../tools/control-plane/kubectl.ts'
import { applicationStatus, type ApplicationStatus } from '../support/application.ts'
import { startArgoCd } from '../support/argo-cd.ts'
import { chartAt } from '../support/chart.ts'
import { createGitRepository } from '../support/git-repository.ts'
import { exampleAt } from '../support/journey.ts'
import { exampleOf } from '../support/manifests.ts'

// Our charts, kept by Argo CD as examples/gitops/operator.yaml says. Each step goes on where the one before it left. There are no
// nodes here, so that the Deployment never has its pods.
const NAMESPACE = 'longshore'
const CRD = 'customresourcedefinition/ecrrepositories.longshore.dev'
/** In values.yaml, up to what it says. */
const DISRUPTION_BUDGET = /^(podDisruptionBudget:\n  #.*\n  enabled: )true/m
const PATIENCE_SECONDS = 90
const POLL_MILLISECONDS = 200
/** As often as it takes to see a tug-of-war: each look that finds a difference begins a sync. */
const LOOKS = 3

const controlPlane = await startControlPlane()
after(() => controlPlane.stop())
const { kubeconfigPath } = controlPlane
const kubectl = createKubectl(kubeconfigPath)
const argo = await startArgoCd(kubeconfigPath)
const repository = await createGitRepository()

const field = (object: string, path: string) =>
  kubectl('get', object, '--namespace', NAMESPACE, `--output=jsonpath={${path}}`)
const workers = () =>
  field('deployment/longshore', '.spec.template.spec.containers[0].env[?(@.name=="LONGSHORE_WORKERS")].value')
const statuses = async (): Promise<readonly ApplicationStatus[]> =>
  Promise.all(['longshore-crds', 'longshore'].map(async (name) => (await applicationStatus(argo, name)) ?? {}))

async function eventually(what: string, ask: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_SECONDS * 1000
  while (!(await ask().catch(() => false))) {
    if (performance.now() > deadline)
      assert.fail(`not seen: ${what}\n${JSON.stringify(await statuses(), undefined, 2)}`)
    await setTimeout(POLL_MILLISECONDS)
  }
}

/** Whether both Applications are as a commit says, and nothing of them is under way. */
async function inStep(revision: string): Promise<boolean> {
  const seen = await statuses()
  return seen.every(
    ({ sync, operationState }) =>
      sync?.status === 'Synced' && sync.revision === revision && operationState?.phase === 'Succeeded',
  )
}

/** Has Argo CD forget what it knows of Git and cluster, and compare anew. */
async function look(): Promise<void> {
  await argo('annotate', 'application', '--all', 'argocd.argoproj.io/refresh=hard')
  await eventually('a look of Argo CD', async () => {
    return (
      (await argo('get', 'applications', '--output=jsonpath={.items[*].metadata.annotations}')).includes('/refresh') ===
      false
    )
  })
}

/** Everything that would move in a tug-of-war. */
async function positions() {
  const kinds = 'deployments,services,networkpolicies,poddisruptionbudgets,serviceaccounts,roles,clusterroles,crds'
  const ours = ['get', kinds, '--namespace', NAMESPACE, '--selector=app.kubernetes.io/instance'] as const
  const versions = '--output=jsonpath={range .items[*]}{.kind}/{.metadata.name}={.metadata.resourceVersion} {end}'
  const lastSyncs = (await statuses()).map(({ operationState }) => operationState?.startedAt)
  return { lastSyncs, versions: await kubectl(...ours, versions) }
}

test('both charts are Synced, with a CRD for every kind', async () => {
  for (const chart of ['longshore', 'longshore-crds'] as const) await repository.copy(chartAt(chart), `charts/${chart}`)
  const revision = await repository.commit('the charts')
  const manifests = await readFile(exampleAt('gitops/operator.yaml'), 'utf8')
  const ours = manifests.replaceAll('https://git.example.com/team/longshore.git', repository.url)
  await createKubectl(kubeconfigPath, ours)('apply', '--validate=strict', '--filename', '-')

  await eventually('both in step', () => inStep(revision))
  await eventually('CRDs that are Healthy', async () => (await statuses())[0]?.health?.status === 'Healthy')
  const enforced = '.metadata.labels.pod-security\\.kubernetes\\.io/enforce'
  assert.equal(await kubectl('get', `namespace/${NAMESPACE}`, `--output=jsonpath={${enforced}}`), 'restricted')
  assert.equal(await workers(), '16')
})

test('nothing is written any more, however often Argo CD looks', async () => {
  const before = await positions()
  for (let looks = 0; looks < LOOKS; looks += 1) await look()

  assert.deepEqual(await positions(), before)
  assert.match(before.versions, /Deployment\/longshore=.*CustomResourceDefinition\/ecrrepositories/)
})

test('what Git says reaches the pods, and what somebody says instead is put back', async () => {
  await repository.edit('charts/longshore/values.yaml', (text) => text.replace('workers: 16', 'workers: 32'))
  const revision = await repository.commit('more workers')
  await eventually('32 workers', async () => (await workers()) === '32' && inStep(revision))

  await kubectl('scale', 'deployment/longshore', '--namespace', NAMESPACE, '--replicas=5')

  await eventually('two replicas', async () => (await field('deployment/longshore', '.spec.replicas')) === '2')
})

test('what a value takes away is taken away', async () => {
  await repository.edit('charts/longshore/values.yaml', (text) => text.replace(DISRUPTION_BUDGET, '$1false'))
  await repository.commit('no disruption budget')

  // Argo CD deletes in the foreground; nobody is here who ends that.
  await eventually('a disruption budget that goes', async () => {
    return (await field('poddisruptionbudget/longshore', '.metadata.deletionTimestamp')) !== ''
  })
})

test('deleting the Application of the CRDs leaves them, and with them all objects', async () => {
  const example = { ...(await exampleOf('EcrRepository', NAMESPACE)), metadata: { name: 'lamp', namespace: NAMESPACE } }
  await createKubectl(kubeconfigPath, JSON.stringify(example))('apply', '--server-side', '--filename', '-')

  await argo('delete', 'application', 'longshore-crds', '--timeout=60s')

  assert.equal(await field(CRD, '.metadata.deletionTimestamp'), '')
  assert.equal(await field('ecrrepository/lamp', '.metadata.deletionTimestamp'), '')
})
