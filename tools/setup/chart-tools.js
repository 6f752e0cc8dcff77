import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { say, secondsSince } from './command.js'
import { goBuild, moduleVersion, requireGo } from './go-build.js'
import { folderGiven, install } from './install.js'
import { withLock } from './lock.js'
import { ROOT, cacheDirectory } from './paths.js'

const PROGRAMS = ['helm', 'promtool']
const HELM = join(ROOT, 'tools', 'charts', 'helm')
const PROMTOOL = join(ROOT, 'tools', 'charts', 'promtool')

/** The folder that holds helm and promtool, with which the charts are tested; built with Go if it is nowhere. */
export async function ensureChartTools() {
  const given = process.env.LONGSHORE_CHART_TOOLS
  if (given) return folderGiven('LONGSHORE_CHART_TOOLS', given, PROGRAMS)
  const folder = builtFolder()
  if (existsSync(folder)) return folder
  return withLock(join(cacheDirectory(), 'chart-tools.lock'), () => (existsSync(folder) ? folder : make(folder)))
}

async function make(folder) {
  requireGo(
    'The tests of the charts need helm and promtool, which are built with Go: install Go 1.26 or newer (https://go.dev/dl), ' +
      'or set LONGSHORE_CHART_TOOLS to a folder with both.',
  )
  const startedAt = Date.now()
  await install(folder, build)
  say(`helm and promtool ready in ${folder} after ${secondsSince(startedAt)} s`)
  return folder
}

async function build(folder) {
  const linkerFlags = [`-X helm.sh/helm/v4/internal/version.version=${helmVersion()}`]
  const output = `${folder}/`
  await goBuild({ name: 'helm', folder: HELM, output, linkerFlags, takes: 'about 2 minutes' })
  // Evaluating rules takes none of the ways in which Prometheus finds its targets, and the SDKs that come with them.
  await goBuild({ name: 'promtool', folder: PROMTOOL, output, tags: ['remove_all_sd'], takes: 'about 2 minutes' })
  return true
}

function helmVersion() {
  return moduleVersion(HELM, 'helm.sh/helm/v4')
}

function builtFolder() {
  const prometheus = moduleVersion(PROMTOOL, 'github.com/prometheus/prometheus')
  const name = `helm-${helmVersion()}-prometheus-${prometheus}-${process.platform}-${process.arch}`
  return join(cacheDirectory(), 'chart-tools', name)
}
