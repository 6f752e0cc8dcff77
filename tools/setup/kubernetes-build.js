import { join } from 'node:path'
import { goBuild, moduleVersion, requireGo } from './go-build.js'
import { ROOT } from './paths.js'

/** Packages whose variables make the binaries report their release; without them feature versions are off. */
const VERSION_PACKAGES = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
const ETCD = join(ROOT, 'tools', 'control-plane', 'etcd')
const KUBERNETES = join(ROOT, 'tools', 'control-plane', 'kubernetes')
const takes = '5 to 12 minutes'

/**
 * Fills `folder` with etcd, kube-apiserver and kubectl, built from the Go modules that tools/control-plane pins.
 * Throws SetupError if there is no Go or the build fails.
 */
export async function buildControlPlane(folder) {
  requireGo(
    'The control plane can neither be downloaded nor built here: install Go 1.26 or newer (https://go.dev/dl), ' +
      'or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl.',
  )
  await buildEtcd(`${folder}/`)
  await buildKubernetes(`${folder}/`, ['k8s.io/kubernetes/cmd/kube-apiserver', 'k8s.io/kubernetes/cmd/kubectl'])
  return true
}

/** Builds etcd into the folder `output`, which ends with a slash. */
export async function buildEtcd(output) {
  await goBuild({ name: 'etcd', folder: ETCD, output: `${output}etcd`, takes })
}

/** Builds packages of Kubernetes, or all its programs that we use (`tool`), into the folder `output`. */
export async function buildKubernetes(output, packages) {
  const linkerFlags = versionFlags(kubernetesVersion())
  await goBuild({ name: 'kubernetes', folder: KUBERNETES, packages, output, linkerFlags, takes })
}

export function kubernetesVersion() {
  return moduleVersion(KUBERNETES, 'k8s.io/kubernetes')
}

export function etcdVersion() {
  return moduleVersion(ETCD, 'go.etcd.io/etcd/server/v3')
}

function versionFlags(version) {
  const [major, minor] = version.slice(1).split('.')
  const values = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    gitCommit: 'go-module',
  }
  return VERSION_PACKAGES.flatMap((name) => Object.entries(values).map(([key, value]) => `-X ${name}.${key}=${value}`))
}
