import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError, firstLineOf, run, say } from './command.js'
import { ROOT } from './paths.js'

/** Packages whose variables make the binaries report their release; without them feature versions are off. */
const VERSION_PACKAGES = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']

/**
 * Fills `folder` with etcd, kube-apiserver and kubectl, built from the Go modules that tools/control-plane pins.
 * Throws SetupError if there is no Go or the build fails.
 */
export async function buildControlPlane(folder) {
  if (!firstLineOf('go', ['version'])) {
    throw new SetupError(
      'The control plane can neither be downloaded nor built here: install Go 1.26 or newer (https://go.dev/dl), ' +
        'or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl.',
    )
  }
  await build('etcd', join(folder, 'etcd'), [])
  await build('kubernetes', `${folder}/`, versionFlags(moduleVersion('kubernetes', 'k8s.io/kubernetes')))
  return true
}

/** The version of `module` that the group's go.mod names: the one place that says what is built. */
export function moduleVersion(group, module) {
  const text = readFileSync(join(directoryOf(group), 'go.mod'), 'utf8')
  return text.match(new RegExp(`^\\s*${module} (v\\S+)`, 'm'))[1]
}

async function build(group, output, linkerFlags) {
  say(`building ${group} with Go (once: seconds when Go has compiled it before, else 5 to 12 minutes)`)
  await run(
    'go',
    ['build', '-mod=readonly', '-trimpath', '-ldflags', ['-s', '-w', ...linkerFlags].join(' '), '-o', output, 'tool'],
    {
      cwd: directoryOf(group),
      env: { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' },
      onFailure: `go could not build ${group}: see above.`,
    },
  )
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

function directoryOf(group) {
  return join(ROOT, 'tools', 'control-plane', group)
}
