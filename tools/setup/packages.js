import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError, run, say } from './command.js'
import { withLock } from './lock.js'
import { ROOT } from './paths.js'

const MODULES = join(ROOT, 'node_modules')

/** Installs what package-lock.json says, unless node_modules holds it already. */
export async function ensurePackages() {
  if (areInstalled()) return
  if (isLink(MODULES)) {
    throw new SetupError(
      'node_modules is a link, and what it points to is not what package-lock.json says: run npm ci there, or remove the link.',
    )
  }
  await withLock(join(ROOT, '.work', 'npm.lock'), async () => {
    if (areInstalled()) return
    say('installing packages (npm ci)')
    await run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel', 'error'], {
      cwd: ROOT,
      onFailure: 'npm ci failed: see above.',
    })
  })
}

/**
 * npm notes what it installed in a hidden lock file of its own, written when an installation is complete: comparing the
 * two says more than a stamp of ours could, also after somebody else's `npm install`.
 */
function areInstalled() {
  return satisfies(packagesOf(join(MODULES, '.package-lock.json')), packagesOf(join(ROOT, 'package-lock.json')))
}

/** Whether `installed` holds all that `wanted` lists: both are the `packages` of a lock file, the root's own under ''. */
export function satisfies(installed, wanted) {
  return Object.entries(wanted).every(([path, entry]) => path === '' || isSatisfied(entry, installed[path]))
}

/** An optional package may be absent: it is for another platform. The lock file lacks the checksum of some of those. */
function isSatisfied(wanted, installed) {
  if (!installed) return wanted.optional === true
  const isSameContent = wanted.integrity === undefined || installed.integrity === wanted.integrity
  return installed.version === wanted.version && isSameContent
}

function packagesOf(lockPath) {
  try {
    return JSON.parse(readFileSync(lockPath, 'utf8')).packages ?? {}
  } catch (error) {
    if (error.code === 'ENOENT') return {}
    throw error
  }
}

function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}
