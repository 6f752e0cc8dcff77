import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { canInstall, installPackages } from './apt.js'
import { SetupError, firstLineOf, run, say, secondsSince } from './command.js'
import { goBuild, requireGo } from './go-build.js'
import { install } from './install.js'
import { buildEtcd, buildKubernetes, etcdVersion, kubernetesVersion } from './kubernetes-build.js'
import { withLock } from './lock.js'
import { ROOT, cacheDirectory } from './paths.js'

const PROGRAMS = join(ROOT, 'tools', 'kind', 'node')
const OS_RELEASE = '/etc/os-release'

/** Debian's names of what a node consists of beside Kubernetes. */
const PACKAGES = [
  // The first process, and what it asks for.
  'systemd systemd-sysv dbus',
  'containerd runc containernetworking-plugins',
  // What kubelet, kube-proxy and the network of pods call.
  'iptables iproute2 conntrack ethtool mount util-linux kmod procps findutils',
  'ca-certificates',
].flatMap((names) => names.split(' '))

const CANNOT =
  'The image of a kind node (kindest/node) cannot be pulled from Docker Hub, and it can only be made as root on Debian or Ubuntu.'

/** What nobody reads on a node. */
const LEFT_OUT = ['/usr/share/man/*', '/usr/share/doc/*', '/usr/share/locale/*']

/**
 * The folder with the parts of a node for kind: `debian.tar`, the system, and the programs of Kubernetes in `bin`. For
 * where kind's own node image cannot be pulled; its name changes with what is in it. Throws SetupError where the parts
 * cannot be made.
 */
export async function ensureNodeParts() {
  const folder = join(cacheDirectory(), 'kind', `node-${kubernetesVersion()}-${digest()}-${process.arch}`)
  if (existsSync(folder)) return folder
  return withLock(join(cacheDirectory(), 'kind-node.lock'), () => (existsSync(folder) ? folder : make(folder)))
}

async function make(folder) {
  if (!canInstall()) throw new SetupError(CANNOT)
  requireGo(
    'The image of a kind node cannot be pulled, and to make one takes Go: install Go 1.26 or newer (https://go.dev/dl).',
  )
  const startedAt = Date.now()
  await install(folder, async (draft) => {
    await makeDebian(join(draft, 'debian.tar'))
    await buildPrograms(`${join(draft, 'bin')}/`)
    return true
  })
  say(`parts of a kind node ready in ${folder} after ${secondsSince(startedAt)} s`)
  return folder
}

async function makeDebian(path) {
  if (!firstLineOf('mmdebstrap', ['--version'])) await installPackages(['mmdebstrap'], 'install mmdebstrap.')
  say(`installing Debian ${codename()} for the node`)
  const options = [`--include=${PACKAGES.join(',')}`, ...LEFT_OUT.map((files) => `--dpkgopt=path-exclude=${files}`)]
  // Written beside its place first: a tar that was cut off would be taken for whole.
  await run(
    'mmdebstrap',
    ['--quiet', '--variant=minbase', '--skip=output/dev', ...options, codename(), `${path}.tar`, ...packageSources()],
    { onFailure: 'The system of the kind node could not be installed: see above.' },
  )
  renameSync(`${path}.tar`, path)
}

async function buildPrograms(output) {
  await buildEtcd(output)
  await goBuild({
    name: 'CoreDNS and pause',
    folder: PROGRAMS,
    output,
    packages: ['./coredns', './pause'],
    takes: '2 minutes',
  })
  await buildKubernetes(output, ['tool'])
}

/** The release of Debian (or Ubuntu) that runs here: its packages are at hand. Empty: it is something else. */
function codename() {
  const about = existsSync(OS_RELEASE) ? readFileSync(OS_RELEASE, 'utf8') : ''
  return /^VERSION_CODENAME=(.+)$/m.exec(about)?.[1] ?? ''
}

/** The files that say where this machine has its packages from. */
function packageSources() {
  const inFolder = readdirSync('/etc/apt/sources.list.d').map((name) => join('/etc/apt/sources.list.d', name))
  return ['/etc/apt/sources.list', ...inFolder].filter(
    (path) => /\.(list|sources)$/.test(path) && existsSync(path) && readFileSync(path, 'utf8').trim() !== '',
  )
}

/** Of everything that decides what the parts are, beside the version of Kubernetes. */
function digest() {
  const modules = ['go.mod', 'coredns/main.go', 'pause/main.go'].map((name) => readFileSync(join(PROGRAMS, name)))
  const hash = createHash('sha256').update(JSON.stringify([PACKAGES, LEFT_OUT, codename(), etcdVersion()]))
  for (const text of modules) hash.update(text)
  return hash.digest('hex').slice(0, 12)
}
