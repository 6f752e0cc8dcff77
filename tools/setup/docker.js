import { SetupError, firstLineOf, run, say } from './command.js'

/** Debian's names: daemon and command line, and what the daemon sets up its networks with. */
const PACKAGES = ['docker.io', 'iptables']

/**
 * Sees to it that there is a Docker daemon, or the program to start one (tools/docker/daemon.ts): as root on Debian or
 * Ubuntu it is installed. Throws SetupError, with what to do, where there is none to be had.
 */
export async function ensureDocker() {
  if (answers() || firstLineOf('dockerd', ['--version'])) return
  if (process.getuid?.() !== 0 || !firstLineOf('apt-get', ['--version'])) {
    throw new SetupError(
      'No Docker daemon answers here, and images are built and tested with one: install Docker ' +
        '(https://docs.docker.com/engine/install) and start it, or set DOCKER_HOST.',
    )
  }
  say(`installing ${PACKAGES.join(', ')}`)
  await apt('update', '-qq')
  await apt('install', '-y', '-qq', '--no-install-recommends', ...PACKAGES)
}

function answers() {
  return firstLineOf('docker', ['version', '--format', '{{.Server.Version}}']) !== undefined
}

function apt(...args) {
  return run('apt-get', args, {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    onFailure: `apt-get ${args[0]} failed, see above: install Docker (https://docs.docker.com/engine/install).`,
  })
}
