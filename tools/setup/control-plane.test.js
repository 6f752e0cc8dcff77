import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { afterEach, test } from 'node:test'
import { ensureControlPlane } from './control-plane.js'
import { openTestRoom } from './test-room.js'

const { newFolder, newFolderWith, newGo } = openTestRoom('KUBEBUILDER_ASSETS')
const realFetch = globalThis.fetch

afterEach(() => {
  globalThis.fetch = realFetch
})

test('a folder that the user names is taken as it is', async () => {
  env.KUBEBUILDER_ASSETS = newFolderWith({ etcd: '', 'kube-apiserver': '', kubectl: '' })

  assert.equal(await ensureControlPlane(), env.KUBEBUILDER_ASSETS)
})

test('a folder that the user names and that lacks a program is refused by its name', async () => {
  env.KUBEBUILDER_ASSETS = newFolderWith({ etcd: '', kubectl: '' })

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
  const each = `for name in ${names.slice(1).join(' ')}; do : >"$2/$name"; done`
  return newGo(`case "$2" in */) ${each} ;; *) : >"$2" ;; esac\n${then}`)
}
