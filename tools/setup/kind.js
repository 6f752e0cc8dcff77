import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { say, secondsSince } from './command.js'
import { goBuild, moduleVersion, requireGo } from './go-build.js'
import { folderGiven, install } from './install.js'
import { withLock } from './lock.js'
import { ROOT, cacheDirectory } from './paths.js'

const KIND = join(ROOT, 'tools', 'kind', 'cli')

/** The folder that holds the command line of kind; built with Go if it is nowhere. */
export async function ensureKind() {
  const given = process.env.LONGSHORE_KIND_TOOLS
  if (given) return folderGiven('LONGSHORE_KIND_TOOLS', given, ['kind'])
  const name = `kind-${moduleVersion(KIND, 'sigs.k8s.io/kind')}-${process.platform}-${process.arch}`
  const folder = join(cacheDirectory(), 'kind', name)
  if (existsSync(folder)) return folder
  return withLock(join(cacheDirectory(), 'kind.lock'), () => (existsSync(folder) ? folder : make(folder)))
}

async function make(folder) {
  requireGo(
    'The tests in a kind cluster need kind, which is built with Go, and Docker has no golang:1.26 here: install Go 1.26 ' +
      'or newer (https://go.dev/dl), ' +
      'or set LONGSHORE_KIND_TOOLS to a folder with it.',
  )
  const startedAt = Date.now()
  await install(folder, async (draft) => {
    await goBuild({ name: 'kind', folder: KIND, output: `${draft}/`, takes: 'half a minute' })
    return true
  })
  say(`kind ready in ${folder} after ${secondsSince(startedAt)} s`)
  return folder
}
