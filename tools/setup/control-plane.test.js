import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, stderr } from 'node:process'
import { after, afterEach, beforeEach, mock, test } from 'node:test'
import { ensureControlPlane } from './control-plane.js'

const before = { ...env }
const realFetch = globalThis.fetch
const folders = []

// Set-up tells there what it does; between the lines of a test run it would look like trouble.
mock.method(stderr, 'write', () => true)

after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

beforeEach(() => {
  env.XDG_CACHE_HOME = newFolder()
  delete env.KUBEBUILDER_ASSETS
})

afterEach(() => {
  globalThis.fetch = realFetch
  for (const name of ['XDG_CACHE_HOME', 'KUBEBUILDER_ASSETS', 'PATH']) {
    if (before[name] === undefined) delete env[name]
    else env[name] = before[name]
  }
})

test('a folder that the user names is taken as it is', async () => {
  env.KUBEBUILDER_ASSETS = folderWith('etcd', 'kube-apiserver', 'kubectl')

  assert.equal(await ensureControlPlane(), env.KUBEBUILDER_ASSETS)
})

test('a folder that the user names and that lacks a program is refused by its name', async () => {
  env.KUBEBUILDER_ASSETS = folderWith('etcd', 'kubectl')

  await assert.rejects(ensureControlPlane, /KUBEBUILDER_ASSETS is .* has no kube-apiserver/)
})

test('what is not to be downloaded is built with Go, and found again', async () => {
  withoutNetwork()
  env.PATH = goThatWrites(['etcd', 'kube-apiserver', 'kubectl'])

  const folder = await ensureControlPlane()
  env.PATH = newFolder()

  assert.deepEqual(readdirSync(folder).sort(), ['etcd', 'kube-apiserver', 'kubectl'])
  assert.equal(await ensureControlPlane(), folder)
})

test('a build that fails leaves nothing in the cache', async () => {
  withoutNetwork()
  env.PATH = goThatWrites(['etcd'], 'exit 1')

  await assert.rejects(ensureControlPlane, /go could not build etcd/)

  assert.deepEqual(readdirSync(join(env.XDG_CACHE_HOME, 'longshore', 'control-plane')), [])
})

test('a download with other content than the pinned one is refused', async () => {
  globalThis.fetch = async () => new Response('something else')

  await assert.rejects(ensureControlPlane, /has SHA-512 .*, not the pinned .*: it was not used/)
})

test('without Go one sentence says what to do', async () => {
  withoutNetwork()
  env.PATH = newFolder()

  await assert.rejects(ensureControlPlane, /install Go .* or set KUBEBUILDER_ASSETS/)
})

/** No download in a test; that it is refused here is what happens on a machine without a way out. */
function withoutNetwork() {
  globalThis.fetch = async () => Promise.reject(new Error('no network in tests'))
}

/** A folder with a `go` that makes empty files where the real one would put its binaries. */
function goThatWrites(names, then = '') {
  const folder = newFolder()
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo go version; exit; fi
while [ "$1" != -o ]; do shift; done
case "$2" in */) for name in ${names.slice(1).join(' ')}; do : >"$2/$name"; done ;; *) : >"$2" ;; esac
${then}
`
  writeFileSync(join(folder, 'go'), script)
  chmodSync(join(folder, 'go'), 0o755)
  return folder
}

function folderWith(...names) {
  const folder = newFolder()
  mkdirSync(folder, { recursive: true })
  for (const name of names) writeFileSync(join(folder, name), '', { mode: 0o755 })
  return folder
}

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-setup-'))
  folders.push(folder)
  return folder
}
