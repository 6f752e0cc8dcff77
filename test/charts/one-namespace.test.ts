import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startControlPlane } from '../../tools/control-plane/control-plane.ts'
import { createKubectl, installCrds } from '../../tools/control-plane/kubectl.ts'
import { superviseIn } from '../../tools/control-plane/supervision.ts'
import { operatorCommand } from '../../tools/programs/operator.ts'
import { startSimulator } from '../../tools/programs/simulator.ts'
import { writeAccountKubeconfig } from '../support/chart-roles.ts'
import { chartAt, openCharts } from '../support/chart.ts'
import { exampleOf } from '../support/manifests.ts'
import { createOperatorProcess } from '../support/operator-process.ts'

// One team's installation: the chart's Roles in its namespace and nothing in the cluster, where CRDs are other people's business and
// come later. The operator is a process that speaks as the account of the pods.
const NAMESPACE = 'team-a'
const PATIENCE_SECONDS = 60
const CRDS = fileURLToPath(new URL('../../crds', import.meta.url))

const controlPlane = await startControlPlane()
after(() => controlPlane.stop())
const { kubeconfigPath } = controlPlane
const kubectl = createKubectl(kubeconfigPath)
const { helm, fileWith } = await openCharts(kubeconfigPath)
const folder = await mkdtemp(join(tmpdir(), 'longshore-one-namespace-'))
const supervision = superviseIn(folder, ({ name, code }) => process.stderr.write(`${name} ended with ${code}\n`))
after(() => supervision.stop())

const operatorKubeconfig = join(folder, 'operator.kubeconfig')
const simulatorUrl = await startSimulator(
  { supervision, folder, clock: 'real', images: {} },
  AbortSignal.timeout(PATIENCE_SECONDS * 1000),
)
const flags = [`--namespaces=${NAMESPACE}`, '--installation-id=a', `--leader-election-namespace=${NAMESPACE}`]
const operator = createOperatorProcess(
  operatorCommand({
    kubeconfigPath: operatorKubeconfig,
    simulatorUrl,
    region: 'eu-central-1',
    accessKeyId: 'AKIAONENAMESPACE0000',
    flags,
  }),
)
after(() => operator.kill())

before(async () => {
  for (const name of [NAMESPACE, 'team-b']) await kubectl('create', 'namespace', name)
  const values = {
    namespaces: [NAMESPACE],
    installationId: 'a',
    rbac: { scope: 'Namespaces', aggregate: false },
    crds: { install: false },
  }
  await helm(
    'install',
    'longshore',
    chartAt('longshore'),
    '--namespace',
    NAMESPACE,
    '--values',
    await fileWith(values),
    '--wait=hookOnly',
  )
  await writeAccountKubeconfig({ kubectl, namespace: NAMESPACE, kubeconfigPath }, operatorKubeconfig)
  await operator.start()
})

/** Status and text of one of the operator's own pages. */
async function ask(path: string): Promise<string> {
  const [, port] = /"httpPort":(\d+)/.exec(await operator.log()) ?? []
  const answer = await fetch(`http://127.0.0.1:${port}${path}`)
  return `${answer.status} ${await answer.text()}`
}

async function until(expected: RegExp, say: () => Promise<string>): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_SECONDS * 1000)
  while (!expected.test(await say().catch(() => ''))) {
    if (signal.aborted) assert.fail(`not ${expected.source}: ${await say()}\n${await operator.log()}`)
    await setTimeout(100)
  }
}

async function apply(namespace: string): Promise<void> {
  const manifest = JSON.stringify(await exampleOf('EcrRepository', namespace))
  await createKubectl(kubeconfigPath, manifest)('apply', '--server-side', '--filename', '-')
}

test('without CRDs the operator lives, and is not ready', async () => {
  await until(/^503 .*\[-\]caches/s, () => ask('/readyz'))

  assert.match(await ask('/healthz'), /^200 /)
})

test('it is ready soon after they have come', async () => {
  await installCrds(kubectl, CRDS)

  await until(/^200 /, () => ask('/readyz'))
})

test('it reconciles the objects of its namespace, and leaves those of others alone', async () => {
  await apply('team-b')
  await apply(NAMESPACE)

  await kubectl('wait', '--for=condition=Ready', 'ecrrepository', '--all', `--namespace=${NAMESPACE}`, '--timeout=60s')

  const finalizers = '--output=jsonpath={.items[*].metadata.finalizers}'
  assert.equal(await kubectl('get', 'ecrrepositories', '--namespace=team-b', finalizers), '')
})

test('it was refused nothing', async () => {
  await until(/code="403"|ecrrepository\/hello/, async () => {
    return (await ask('/metrics')) + (await kubectl('get', 'events', `--namespace=${NAMESPACE}`))
  })

  const metrics = await ask('/metrics')
  assert.match(metrics, /^rest_client_requests_total\{code="201"/m)
  assert.doesNotMatch(metrics, /^rest_client_requests_total\{code="403"/m)
})
