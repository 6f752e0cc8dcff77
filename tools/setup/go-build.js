import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError, firstLineOf, run, say } from './command.js'

/** Throws SetupError with `onMissing` unless there is a Go to build with. */
export function requireGo(onMissing) {
  if (!firstLineOf('go', ['version'])) throw new SetupError(onMissing)
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
  await run('go', ['build', ...flags, '-o', output, ...packages], {
    cwd: folder,
    env: { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' },
    onFailure: `go could not build ${name}: see above.`,
  })
}

/** The version of `module` that the go.mod in `folder` names: the one place that says what is built. */
export function moduleVersion(folder, module) {
  const text = readFileSync(join(folder, 'go.mod'), 'utf8')
  return text.match(new RegExp(`^\\s*${module} (v\\S+)`, 'm'))[1]
}

/** The folder with the files of `module` in the version that the go.mod in `folder` names; building has fetched them. */
export function moduleFolder(folder, module) {
  return firstLineOf('go', ['list', '-C', folder, '-m', '-f', '{{.Dir}}', module])
}
