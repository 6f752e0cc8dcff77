import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { say, secondsSince } from './command.js'
import { goBuild, moduleFolder, moduleVersion, requireGo } from './go-build.js'
import { folderGiven, install } from './install.js'
import { withLock } from './lock.js'
import { ROOT, cacheDirectory } from './paths.js'

const PROGRAMS = ['argocd', 'kstatus']
const ARGO_CD = 'github.com/argoproj/argo-cd/v3'

/** The folder that holds Argo CD, its CRDs and kstatus, for the tests of GitOps; built with Go if it is nowhere. */
export async function ensureGitopsTools() {
  const given = process.env.LONGSHORE_GITOPS_TOOLS
  if (given) return folderGiven('LONGSHORE_GITOPS_TOOLS', given, PROGRAMS)
  const folder = builtFolder()
  if (existsSync(folder)) return folder
  return withLock(join(cacheDirectory(), 'gitops-tools.lock'), () => (existsSync(folder) ? folder : make(folder)))
}

async function make(folder) {
  requireGo(
    'The tests of GitOps need Argo CD and kstatus, which are built with Go: install Go 1.26 or newer (https://go.dev/dl), ' +
      'or set LONGSHORE_GITOPS_TOOLS to a folder with both.',
  )
  const startedAt = Date.now()
  await install(folder, build)
  say(`Argo CD and kstatus ready in ${folder} after ${secondsSince(startedAt)} s`)
  return folder
}

async function build(folder) {
  const linkerFlags = [`-X ${ARGO_CD}/common.version=${argoCdVersion().slice(1)}`]
  const common = { packages: ['.'] }
  await goBuild({ ...common, name: 'kstatus', ...placesOf('kstatus', folder), takes: 'about a minute' })
  await goBuild({ ...common, name: 'argocd', ...placesOf('argocd', folder), linkerFlags, takes: '5 to 10 minutes' })
  copyCrds(join(folder, 'crds'))
  return true
}

/** Its resource definitions come with the module. Go's cache is read-only, and copies should not be. */
function copyCrds(to) {
  const from = join(moduleFolder(sourceOf('argocd'), ARGO_CD), 'manifests', 'crds')
  mkdirSync(to)
  for (const file of readdirSync(from).filter((name) => name.endsWith('-crd.yaml'))) {
    writeFileSync(join(to, file), readFileSync(join(from, file)))
  }
}

function placesOf(program, folder) {
  return { folder: sourceOf(program), output: join(folder, program) }
}

function sourceOf(program) {
  return join(ROOT, 'tools', 'gitops', program)
}

function argoCdVersion() {
  return moduleVersion(sourceOf('argocd'), ARGO_CD)
}

/** Both programs are partly ours: what they are made of is in the name. */
function builtFolder() {
  const hash = createHash('sha256')
  for (const program of PROGRAMS) {
    const source = sourceOf(program)
    for (const file of readdirSync(source).toSorted()) hash.update(readFileSync(join(source, file)))
  }
  const sources = hash.digest('hex').slice(0, 12)
  const name = `argo-cd-${argoCdVersion()}-${sources}-${process.platform}-${process.arch}`
  return join(cacheDirectory(), 'gitops-tools', name)
}
