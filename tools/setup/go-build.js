import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupError, firstLineOf, run, say } from './command.js'
import { cacheDirectory } from './paths.js'

/** Go for those who have Docker and no Go; the version that the go.mod files ask for. */
const IMAGE = 'golang:1.26'

const VARIABLES = { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' }

/** Go's names where they differ from Node's. */
const ARCHITECTURES = { x64: 'amd64' }

/** Throws SetupError with `onMissing` unless there is a Go to build with: on this machine, or in a container. */
export function requireGo(onMissing) {
  if (isInstalled() || hasImage()) return
  throw new SetupError(onMissing)
}

function isInstalled() {
  return firstLineOf('go', ['version']) !== undefined
}

function hasImage() {
  const isHere = firstLineOf('docker', ['image', 'inspect', '--format', '{{.Id}}', IMAGE]) !== undefined
  return isHere || firstLineOf('docker', ['pull', '--quiet', IMAGE]) !== undefined
}

/**
 * Builds `packages` with the modules that the go.mod in `folder` pins, by default the tools that it names; `output` is a
 * file, or a folder and ends with a slash. `takes` says how long it is on a machine that never did it. Throws SetupError
 * when the build fails.
 */
export async function goBuild({ name, folder, packages = ['tool'], output, linkerFlags = [], tags = [], takes }) {
  say(`building ${name} with Go (once: seconds when Go has compiled it before, else ${takes})`)
  const flags = [
    '-mod=readonly',
    '-trimpath',
    '-tags',
    tags.join(','),
    '-ldflags',
    ['-s', '-w', ...linkerFlags].join(' '),
  ]
  const target = output.endsWith('/') ? output : dirname(output)
  const [command, args] = goCommand(folder, ['build', ...flags, '-o', output, ...packages], target)
  await run(command, args, { cwd: folder, env: VARIABLES, onFailure: `go could not build ${name}: see above.` })
}

/** How to run `go ARGUMENTS` in `folder`, which may write to `target`: the program, and what it takes. */
function goCommand(folder, [verb, ...rest], target) {
  const args = [verb, '-C', folder, ...rest]
  return isInstalled() ? ['go', args] : ['docker', inContainer(folder, args, target)]
}

/** What `docker run` takes: folders have the same names inside, and what is written belongs to us. */
function inContainer(folder, args, target) {
  const cache = join(cacheDirectory(), 'go')
  const folders = [folder, cache, ...(target ? [target] : [])]
  mkdirSync(cache, { recursive: true })
  if (target) mkdirSync(target, { recursive: true })
  const variables = {
    ...VARIABLES,
    HOME: '/tmp',
    GOOS: process.platform,
    GOARCH: ARCHITECTURES[process.arch] ?? process.arch,
    GOCACHE: join(cache, 'build'),
    GOMODCACHE: join(cache, 'modules'),
  }
  return [
    ...['run', '--rm', '--user', `${process.getuid()}:${process.getgid()}`],
    ...folders.flatMap((each) => ['--volume', `${each}:${each}`]),
    ...Object.entries(variables).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]),
    ...[IMAGE, 'go', ...args],
  ]
}

/** The version of `module` that the go.mod in `folder` names: the one place that says what is built. */
export function moduleVersion(folder, module) {
  const text = readFileSync(join(folder, 'go.mod'), 'utf8')
  return text.match(new RegExp(`^\\s*${module} (v\\S+)`, 'm'))[1]
}

/** The folder with the files of `module` in the version that the go.mod in `folder` names; building has fetched them. */
export function moduleFolder(folder, module) {
  return firstLineOf(...goCommand(folder, ['list', '-m', '-f', '{{.Dir}}', module]))
}
