import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { env, execPath } from 'node:process'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { PlanDocument } from '../../src/app/commands/pack/plan-document.ts'
import { findAssets } from '../../tools/control-plane/assets.ts'
import { createKubectl } from '../../tools/control-plane/kubectl.ts'
import { joinCluster } from '../support/control-plane.ts'

// What people pipe into longshore pack: lists of a real API server, and the commands that the pages show.
const { namespace, kubeconfigPath, kubectl } = await joinCluster(import.meta.url)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MAIN = join(ROOT, 'src/main.ts')
const NODE = `node-of-${namespace}`

const podOf = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: 'web' } },
  spec: {
    automountServiceAccountToken: false,
    containers: [{ name: 'main', image: 'web', resources: { requests: { cpu: '1500m', memory: '1Gi' } } }],
    ...spec,
  },
})
const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: NODE, labels: { 'kubernetes.io/hostname': NODE, 'kubernetes.io/arch': 'amd64' } },
}
const status = {
  allocatable: { cpu: '2', memory: '4Gi', pods: '10' },
  capacity: { cpu: '2', memory: '4Gi', pods: '10' },
}

function apply(...objects: readonly object[]): Promise<string> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
  return createKubectl(kubeconfigPath, list)('apply', '--filename', '-')
}

async function longshore(args: readonly string[], input = '') {
  const child = spawn(execPath, [MAIN, ...args])
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: Number(code), stdout, stderr }
}

async function packed(args: readonly string[], input = ''): Promise<PlanDocument> {
  const { code, stdout, stderr } = await longshore(['pack', ...args], input)
  assert.deepEqual([code, stderr], [0, ''])
  return JSON.parse(stdout)
}

describe('longshore pack reads what kubectl prints', async () => {
  await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }, node)
  after(() => kubectl('delete', 'node', NODE, '--wait=false'))
  // The API server puts a taint on nodes that no kubelet has spoken for.
  await kubectl('patch', 'node', NODE, '--type=merge', '--patch', JSON.stringify({ spec: { taints: [] } }))
  await kubectl('patch', 'node', NODE, '--subresource=status', '--type=merge', '--patch', JSON.stringify({ status }))
  await apply(podOf('runs', { nodeName: NODE }), podOf('waits'))
  const get = (kinds: string, format: string): Promise<string> =>
    kubectl('get', kinds, '--namespace', namespace, '--output', format)

  for (const format of ['json', 'yaml']) {
    test(`as a ${format} list of several kinds`, async () => {
      const nodes = JSON.parse(await kubectl('get', 'node', NODE, '--output=json'))
      const pods = await get('pods', format)
      const folder = await mkdtemp(join(tmpdir(), 'longshore-pack-'))
      after(() => rm(folder, { recursive: true }))
      await writeFile(join(folder, 'node.json'), JSON.stringify(nodes))

      const { newNodes, existing, stats } = await packed(['-f', '-', '--nodes', join(folder, 'node.json')], pods)

      assert.deepEqual(
        newNodes.map(({ pods: placed }) => placed),
        [[`${namespace}/waits`]],
      )
      assert.deepEqual([existing, stats.pods], [[], 1])
    })
  }

  test('and uses the room that is left on a node that runs', async () => {
    await kubectl('delete', 'pod', 'runs', '--namespace', namespace, '--grace-period=0', '--force')
    const nodes = JSON.parse(await kubectl('get', 'node', NODE, '--output=json'))
    const pods = JSON.parse(await get('pods', 'json'))

    const { newNodes, existing } = await packed([], JSON.stringify({ pods, nodes: [nodes] }))

    assert.deepEqual(newNodes, [])
    assert.deepEqual(existing, [{ node: NODE, pods: [`${namespace}/waits`] }])
  })

  test('but prints nothing about what is wrong with it beside one sentence', async () => {
    const pods = (await get('pods', 'json')).replace('"1500m"', '"a lot"')

    const { code, stdout, stderr } = await longshore(['pack', '-'], pods)

    assert.deepEqual([code, stdout], [1, ''])
    assert.match(
      stderr,
      /^error: standard input: items\[0\]\.spec\.containers\[0\]\.resources\.requests\.cpu wants a Kubernetes quantity .*, not "a lot"\n$/,
    )
  })
})

/** What pages tell people to type about this command. */
async function commandsIn(page: string, heading?: string): Promise<readonly string[]> {
  const whole = await readFile(join(ROOT, page), 'utf8')
  const chapter = heading === undefined ? whole : (whole.split(/^## /m).find((part) => part.startsWith(heading)) ?? '')
  return [...chapter.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) => block.trim().split('\n'))
}

describe('what is typed works:', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-pack-'))
  after(() => rm(folder, { recursive: true }))
  const shim = join(folder, 'longshore')
  await writeFile(shim, `#!/bin/sh\nexec '${execPath}' '${MAIN}' "$@"\n`)
  await chmod(shim, 0o755)
  const variables = {
    PATH: [folder, dirname(findAssets().kubectl), env['PATH']].join(delimiter),
    KUBECONFIG: kubeconfigPath,
    HOME: folder,
  }
  const pages = [commandsIn('docs/commands.md', '`longshore pack`'), commandsIn('examples/pack/README.md')]
  const commands = (await Promise.all(pages)).flat()
  assert.ok(commands.length >= 8)

  for (const command of commands) {
    // What is written goes to a folder of the test.
    const here = command.replaceAll('/tmp/', `${folder}/`)
    test(command, async () => {
      await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', here], { cwd: ROOT, env: variables })
    })
  }
})
