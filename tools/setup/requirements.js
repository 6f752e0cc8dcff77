import { SetupError, firstLineOf } from './command.js'

const OLDEST_NODE_MAJOR = 20

/** Throws SetupError that names what is missing on this machine and what it is needed for. */
export function checkRequirements() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < OLDEST_NODE_MAJOR) {
    throw new SetupError(
      `Node ${process.versions.node} is too old for set-up: install Node ${OLDEST_NODE_MAJOR} or newer.`,
    )
  }
  if (!firstLineOf('git', ['--version']))
    throw new SetupError('git is missing: the checks list files with it. Install git.')
  if (!firstLineOf('openssl', ['version'])) {
    throw new SetupError('openssl is missing: it makes the certificates of the local control plane. Install openssl.')
  }
}
