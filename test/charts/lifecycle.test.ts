import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { kinds } from '../../src/app/kinds.ts'
import { version } from '../../src/app/version.ts'
import { resourceTypeOf } from '../../src/reconciler/api.ts'
import { startControlPlane } from '../../tools/control-plane/control-plane.ts'
import { createKubectl } from '../../tools/control-plane/kubectl.ts'
import { type Values, chartAt, openCharts } from '../support/chart.ts'
import { exampleOf } from '../support/manifests.ts'

// CRDs belong to the whole cluster, and here they come and go.
const controlPlane = await startControlPlane()
after(() => controlPlane.stop())
const { kubeconfigPath } = controlPlane
const kubectl = createKubectl(kubeconfigPath)
const { helm, fileWith } = await openCharts(kubeconfigPath)

const NAMESPACE = 'longshore'
const CRDS = 'customresourcedefinitions'
const RELEASE_SECRET_BYTES = 1024 * 1024

/** `install` or `upgrade` with the values; nothing runs pods here, so nothing is waited for. */
async function run(verb: 'install' | 'upgrade', values: Values = {}, ...options: readonly string[]): Promise<string> {
  return runChart(chartAt('longshore'), verb, values, options)
}

async function runChart(chart: string, verb: string, values: Values, options: readonly string[] = []): Promise<string> {
  const given = ['--namespace', NAMESPACE, '--values', await fileWith(values), '--wait=hookOnly']
  return helm(verb, 'longshore', chart, ...given, ...options)
}

/** The chart as it may have been: an older version, whose kind EcrRepository had no short names. */
async function olderChart(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-older-chart-'))
  after(() => rm(folder, { recursive: true }))
  await cp(chartAt('longshore'), folder, { recursive: true })
  await edit(join(folder, 'Chart.yaml'), (text) => text.replaceAll(version, '0.0.1'))
  await edit(join(folder, 'files/crds/ecrrepositories.yaml'), (text) =>
    text.replace(/ {4}shortNames:\n(?: {6}- .*\n)+/, ''),
  )
  return folder
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(path, 'utf8')
  const changed = change(before)
  assert.notEqual(changed, before)
  await writeFile(path, changed)
}

const shortNames = () =>
  kubectl('get', 'crd/ecrrepositories.longshore.dev', '--output=jsonpath={.spec.names.shortNames}')

const uninstall = (release = 'longshore') => helm('uninstall', release, '--namespace', NAMESPACE, '--wait=hookOnly')
const names = async (kind: string, ...options: readonly string[]) =>
  (await kubectl('get', kind, '--output=name', ...options)).trim().split('\n').filter(Boolean)
const field = (object: string, path: string) =>
  kubectl('get', object, '--namespace', NAMESPACE, `--output=jsonpath={${path}}`)
const repository = (path: string) => field('ecrrepository/lamp', path)
const ourCrds = async () => (await names(CRDS)).filter((name) => name.endsWith('.longshore.dev'))
const inRelease = () => names('all,networkpolicies,poddisruptionbudgets,roles,rolebindings', '--namespace', NAMESPACE)

/** An object as the operator leaves it: with its finalizer. */
async function createRepository(): Promise<void> {
  // All of them: what is not established yet cannot be asked for.
  await kubectl('wait', '--for=condition=Established', '--timeout=30s', ...(await ourCrds()))
  const example = await exampleOf('EcrRepository', NAMESPACE)
  const metadata = { name: 'lamp', namespace: NAMESPACE, finalizers: ['longshore.dev/finalizer'] }
  const manifest = JSON.stringify({ ...example, metadata })
  await createKubectl(kubeconfigPath, manifest)('apply', '--server-side', '--filename', '-')
}

async function release(): Promise<void> {
  await kubectl('patch', 'ecrrepository/lamp', '-n', NAMESPACE, '--type=merge', '-p', '{"metadata":{"finalizers":[]}}')
}

before(() => kubectl('create', 'namespace', NAMESPACE))

describe('a release that keeps its CRDs', () => {
  let uid = ''

  test('is installed with a CRD for every kind', async () => {
    const said = await runChart(await olderChart(), 'install', { dashboard: { enabled: true } })

    assert.match(said, /STATUS: deployed/)
    assert.equal((await ourCrds()).length, kinds.length)
    assert.equal(await shortNames(), '')
    assert.deepEqual((await names('deployments,services', '-n', NAMESPACE)).toSorted(), [
      'deployment.apps/longshore',
      'service/longshore-metrics',
    ])
  })

  test('leaves room in the record that Helm keeps of it', async () => {
    const stored = await field('secret/sh.helm.release.v1.longshore.v1', '.data.release')

    // What a Secret can hold, before etcd's own limit; half of it is for the kinds that are still to come.
    assert.ok(stored.length < RELEASE_SECRET_BYTES / 2, `${stored.length} bytes`)
  })

  test('is upgraded, CRDs included, with an object alive that stays the same', async () => {
    await createRepository()
    uid = await repository('.metadata.uid')

    await run('upgrade', { workers: 32, replicas: 3 })

    assert.equal(await shortNames(), '["ecrrepo"]')
    assert.equal(await field('deployment/longshore', '.spec.replicas'), '3')
    assert.match(
      await field('deployment/longshore', '.spec.template.spec.containers[0].env'),
      /"LONGSHORE_WORKERS","value":"32"/,
    )
    assert.equal(await repository('.metadata.uid'), uid)
    assert.equal(await repository('.metadata.finalizers'), '["longshore.dev/finalizer"]')
  })

  test('is rolled back, and the object is still there', async () => {
    await helm('rollback', 'longshore', '1', '--namespace', NAMESPACE, '--wait=hookOnly')

    assert.equal(await shortNames(), '')
    assert.equal(await field('deployment/longshore', '.spec.replicas'), '2')
    assert.equal((await names('configmaps', '-n', NAMESPACE)).includes('configmap/longshore-dashboard'), true)
    assert.equal(await repository('.metadata.uid'), uid)
  })

  test('is uninstalled without its CRDs and without any object', async () => {
    await uninstall()

    assert.deepEqual(await inRelease(), [])
    assert.equal((await ourCrds()).length > 0, true)
    assert.equal(await repository('.metadata.uid'), uid)
    assert.equal(await repository('.metadata.deletionTimestamp'), '')
  })

  test('is installed again over what it kept', async () => {
    await run('install')

    assert.equal(await shortNames(), '["ecrrepo"]')
    assert.equal(await repository('.metadata.uid'), uid)
  })

  test('hands its CRDs to the chart that has nothing else', async () => {
    await run('upgrade', { crds: { install: false } })
    const crds = ['longshore-crds', chartAt('longshore-crds'), '--namespace', NAMESPACE, '--take-ownership'] as const
    await helm('install', ...crds)

    const owner = '.metadata.annotations.meta\\.helm\\.sh/release-name'
    assert.equal(
      await kubectl('get', 'crd/ecrrepositories.longshore.dev', `--output=jsonpath={${owner}}`),
      'longshore-crds',
    )
    assert.equal(await repository('.metadata.uid'), uid)
  })

  test('and the chart that has nothing else keeps them as well', async () => {
    await uninstall('longshore-crds')
    await uninstall()

    assert.equal((await ourCrds()).length > 0, true)
    assert.equal(await repository('.metadata.uid'), uid)
  })
})

describe('a release that does not keep its CRDs', () => {
  const OURS = `${CRDS}/ecrrepositories.longshore.dev`
  /**
   * The API server looks every 5 s whether objects are left. A kind that nobody has asked for since its CRD was changed it may
   * not delete for five minutes: what serves it starts only then, the first attempt fails ("storage is (re)initializing"),
   * the second one meets the status that the first has written, and nothing but a resync calls a third (apiextensions-apiserver,
   * `crd_finalizer.go`).
   */
  const untilGone = (which: readonly string[]) => kubectl('wait', '--for=delete', '--timeout=60s', ...which)

  /** Has the API server serve all of our kinds, as an operator does that watches them. */
  async function askForAll(): Promise<void> {
    for (const { group, version, plural } of kinds.map(resourceTypeOf))
      await kubectl('get', '--raw', `/apis/${group}/${version}/${plural}?limit=1`)
  }

  test('takes them over, and takes them away when it goes', async () => {
    await run('install', { crds: { keep: false } }, '--take-ownership')
    await kubectl('delete', 'ecrrepository/lamp', '-n', NAMESPACE, '--wait=false')
    await release()
    const crds = await ourCrds()
    await askForAll()

    await uninstall()

    await untilGone(crds)
    assert.deepEqual(await ourCrds(), [])
  })

  test('leaves objects hanging by their finalizers, as documented, when the operator goes first', async () => {
    await run('install', { crds: { keep: false } })
    await createRepository()
    const others = (await ourCrds()).filter((name) => !name.endsWith('/ecrrepositories.longshore.dev'))
    await askForAll()

    await uninstall()

    await untilGone(others)
    assert.notEqual(await repository('.metadata.deletionTimestamp'), '')
    assert.equal((await ourCrds()).length, 1)

    // The way out that docs/install.md shows.
    await release()
    await untilGone([OURS])
  })
})
