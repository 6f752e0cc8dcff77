import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupError, say, secondsSince } from './command.js'
import { ENVTEST_VERSION, downloadControlPlane } from './envtest.js'
import { buildControlPlane, moduleVersion } from './go-build.js'
import { withLock } from './lock.js'
import { cacheDirectory } from './paths.js'

const PROGRAMS = ['etcd', 'kube-apiserver', 'kubectl']

/** The folder that holds etcd, kube-apiserver and kubectl, made if it is nowhere: see each step for how. */
export async function ensureControlPlane() {
  if (process.env.KUBEBUILDER_ASSETS) return assetsGiven(process.env.KUBEBUILDER_ASSETS)
  const found = cached()
  if (found) return found
  return withLock(join(cacheDirectory(), 'control-plane.lock'), async () => cached() ?? make())
}

function assetsGiven(folder) {
  const missing = PROGRAMS.filter((program) => !isExecutable(join(folder, program)))
  if (missing.length === 0) return folder
  throw new SetupError(`KUBEBUILDER_ASSETS is ${folder}, which has no ${missing.join(', ')}: correct it or unset it.`)
}

function cached() {
  return [downloadedFolder(), builtFolder()].find((folder) => existsSync(folder))
}

async function make() {
  const startedAt = Date.now()
  const downloaded = await install(downloadedFolder(), downloadControlPlane)
  const folder = downloaded ?? (await install(builtFolder(), buildControlPlane))
  say(`control plane ready in ${folder} after ${secondsSince(startedAt)} s`)
  return folder
}

/**
 * Fills a folder beside its place and moves it there in one step: what stands in the cache is always whole.
 * `fill` answers whether it could; undefined if not.
 */
async function install(folder, fill) {
  mkdirSync(dirname(folder), { recursive: true })
  const draft = mkdtempSync(`${folder}.`)
  try {
    if (!(await fill(draft))) return undefined
    renameSync(draft, folder)
    return folder
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

function downloadedFolder() {
  return folderFor(`kubernetes-${ENVTEST_VERSION}-envtest`)
}

function builtFolder() {
  const kubernetes = moduleVersion('kubernetes', 'k8s.io/kubernetes')
  const etcd = moduleVersion('etcd', 'go.etcd.io/etcd/server/v3')
  return folderFor(`kubernetes-${kubernetes}-etcd-${etcd}`)
}

function folderFor(name) {
  return join(cacheDirectory(), 'control-plane', `${name}-${process.platform}-${process.arch}`)
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
