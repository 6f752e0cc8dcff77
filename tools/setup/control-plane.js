import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { say, secondsSince } from './command.js'
import { ENVTEST_VERSION, downloadControlPlane } from './envtest.js'
import { folderGiven, install } from './install.js'
import { buildControlPlane, etcdVersion, kubernetesVersion } from './kubernetes-build.js'
import { withLock } from './lock.js'
import { cacheDirectory } from './paths.js'

const PROGRAMS = ['etcd', 'kube-apiserver', 'kubectl']

/** The folder that holds etcd, kube-apiserver and kubectl, made if it is nowhere: see each step for how. */
export async function ensureControlPlane() {
  const given = process.env.KUBEBUILDER_ASSETS
  if (given) return folderGiven('KUBEBUILDER_ASSETS', given, PROGRAMS)
  const found = cached()
  if (found) return found
  return withLock(join(cacheDirectory(), 'control-plane.lock'), async () => cached() ?? make())
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

function downloadedFolder() {
  return folderFor(`kubernetes-${ENVTEST_VERSION}-envtest`)
}

function builtFolder() {
  return folderFor(`kubernetes-${kubernetesVersion()}-etcd-${etcdVersion()}`)
}

function folderFor(name) {
  return join(cacheDirectory(), 'control-plane', `${name}-${process.platform}-${process.arch}`)
}
