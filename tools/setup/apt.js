import { firstLineOf, run, say } from './command.js'

/** Whether packages can be installed here: as root, on Debian or Ubuntu. */
export function canInstall() {
  return process.getuid?.() === 0 && firstLineOf('apt-get', ['--version']) !== undefined
}

/** Installs Debian packages; throws SetupError that ends with `otherwise`, what a person can do. */
export async function installPackages(packages, otherwise) {
  say(`installing ${packages.join(', ')}`)
  await apt(otherwise, 'update', '-qq')
  await apt(otherwise, 'install', '-y', '-qq', '--no-install-recommends', ...packages)
}

function apt(otherwise, ...args) {
  return run('apt-get', args, {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    onFailure: `apt-get ${args[0]} failed, see above: ${otherwise}`,
  })
}
