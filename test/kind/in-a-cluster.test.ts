import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chartAt, openCharts } from '../support/chart.ts'
import { imagesUnderTest } from '../support/images.ts'
import { exampleAt, leftovers } from '../support/journey.ts'
import { createTestKindCluster } from '../support/kind.ts'
import { forwardPort } from '../support/port-forward.ts'
import { createSimulatorProcess } from '../support/simulator-process.ts'
import { createStages } from './stages.ts'

// What a platform team does, in a real cluster: images, charts, objects, and nothing but kubectl and helm.
const { timed, print } = createStages()
const images = await timed('images', imagesUnderTest)
const cluster = await timed('cluster', createTestKindCluster)
const kubectl = cluster.kubectl()
const { helm, fileWith } = await openCharts(cluster.kubeconfigPath)
after(print)

const ready = ['wait', '--for=condition=Ready', '--timeout=120s'] as const

/** A namespace in which Kubernetes refuses pods that are not as the restricted standard demands. */
async function createNamespace(name: string): Promise<void> {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
}

async function apply(manifest: object): Promise<void> {
  await cluster.kubectl(JSON.stringify(manifest))('apply', '--filename', '-')
}

async function startSimulator() {
  const text = await readFile(fileURLToPath(new URL('simulator.yaml', import.meta.url)), 'utf8')
  await createNamespace('aws')
  const manifest = text.replace('image: longshore-simulate-aws', `image: ${images.simulator}`)
  await cluster.kubectl(manifest)('apply', '--filename', '-')
  await kubectl('rollout', 'status', 'deployment/simulator', '--namespace=aws', '--timeout=120s')
  return createSimulatorProcess(await forwardPort(cluster.kubeconfigPath, 'aws', 'service/simulator', 4566))
}

/** Of the chart, for every release here. */
const VALUES = {
  image: { repository: images.operator.split(':')[0], tag: images.operator.split(':')[1] },
  crds: { install: false },
  aws: {
    region: 'eu-central-1',
    endpoint: 'http://simulator.aws:4566',
    credentials: { secretName: 'aws' },
  },
  // Simulated AWS names the pod that called.
  extraEnv: [{ name: 'AWS_SDK_UA_APP_ID', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
}

async function installCharts(): Promise<void> {
  await createNamespace('longshore')
  await kubectl(
    'create',
    'secret',
    'generic',
    'aws',
    '--namespace=longshore',
    '--from-literal=AWS_ACCESS_KEY_ID=AKIA123456789012KIND',
    '--from-literal=AWS_SECRET_ACCESS_KEY=any',
  )
  await helm('install', 'longshore-crds', chartAt('longshore-crds'), '--namespace=longshore', '--set=keep=false')
  await helm(
    'install',
    'longshore',
    chartAt('longshore'),
    '--namespace=longshore',
    '--values',
    await fileWith(VALUES),
    '--wait',
    '--timeout=180s',
  )
}

await timed('images loaded', () => cluster.load(images.operator, images.simulator))
const simulator = await timed('simulator', startSimulator)

describe('in a cluster', () => {
  test('the charts install, and two pods are ready', async () => {
    await timed('charts', installCharts)

    const pods = await kubectl(
      'get',
      'pods',
      '--namespace=longshore',
      '--output=jsonpath={.items[*].status.containerStatuses[0].ready}',
    )
    assert.equal(pods, 'true true')
  })

  test('helm test finds it ready', async () => {
    await timed('helm test', () => helm('test', 'longshore', '--namespace=longshore', '--timeout=60s'))
  })

  test('an example is applied and becomes Ready', async () => {
    await kubectl('create', 'namespace', 'demo')
    await timed('first-service', async () => {
      await kubectl('apply', '--namespace=demo', '--filename', exampleAt('first-service'))
      await kubectl(...ready, '--namespace=demo', 'ecsservice/hello', 'ecrrepository/hello', 'ecscluster/demo-cluster')
    })
  })

  test('what is deleted is gone, in AWS and in the cluster', async () => {
    await timed('deleted', async () => {
      await kubectl('delete', '--namespace=demo', '--filename', exampleAt('first-service'), '--timeout=120s')
    })
    assert.deepEqual(await leftovers(simulator), {})
    await timed('uninstalled', async () => {
      await helm('uninstall', 'longshore', '--namespace=longshore', '--wait')
      await helm('uninstall', 'longshore-crds', '--namespace=longshore', '--wait')
    })
    const crds = await kubectl('get', 'crds', '--output=name')
    assert.equal(crds, '')
  })
})
