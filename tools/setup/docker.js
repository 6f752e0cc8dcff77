import { canInstall, installPackages } from './apt.js'
import { SetupError, firstLineOf } from './command.js'

/** Debian's names: daemon and command line, and what the daemon sets up its networks with. */
const PACKAGES = ['docker.io', 'iptables']

const HOW_TO_INSTALL = 'install Docker (https://docs.docker.com/engine/install)'

/**
 * Sees to it that there is a Docker daemon, or the program to start one (tools/docker/daemon.ts): as root on Debian or
 * Ubuntu it is installed. Throws SetupError, with what to do, where there is none to be had.
 */
export async function ensureDocker() {
  if (answers() || firstLineOf('dockerd', ['--version'])) return
  if (canInstall()) return installPackages(PACKAGES, `${HOW_TO_INSTALL}.`)
  throw new SetupError(
    `No Docker daemon answers here, and images are built and tested with one: ${HOW_TO_INSTALL} and start it, or set DOCKER_HOST.`,
  )
}

function answers() {
  return firstLineOf('docker', ['version', '--format', '{{.Server.Version}}']) !== undefined
}
