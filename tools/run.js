// Starts a program of the project from a checkout: set-up if needed, then the TypeScript source with the pinned Node.
// Standard output, signals and the exit code are the program's own.
//
//   node tools/run.js VERB [ARGUMENT …]     VERB: one of PROGRAMS
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { argv, env, exit } from 'node:process'
import { say } from './setup/command.js'
import { passOn } from './setup/pass-on.js'
import { ROOT } from './setup/paths.js'
import { failWithSentence, setUpEverything, setUpEverythingAndDocker, setUpImages, setUpProgram } from './setup.js'

const PROGRAMS = {
  longshore: { file: 'src/main.ts', setUp: setUpProgram },
  'simulate-aws': { file: 'src/simulator/main.ts', setUp: setUpProgram },
  build: { file: 'tools/build.ts', setUp: setUpProgram },
  images: { file: 'tools/images.ts', setUp: setUpImages },
  generate: { file: 'tools/generate.ts', setUp: setUpProgram },
  measure: { file: 'tools/measure.ts', setUp: setUpProgram },
  test: { file: 'tools/test.ts', setUp: setUpEverything },
  'test:images': { file: 'tools/test.ts', args: ['--docker', 'test/images/'], setUp: setUpEverythingAndDocker },
  'test:kind': { file: 'tools/test.ts', args: ['--docker', 'test/kind/'], setUp: setUpEverythingAndDocker },
  'test:gitops': { file: 'tools/test.ts', args: ['--argo-cd', 'test/gitops/'], setUp: setUpEverything },
  'test:all': { file: 'tools/test.ts', args: ['--docker', '--argo-cd'], setUp: setUpEverythingAndDocker },
  'test:faults': { file: 'tools/test-faults.ts', setUp: setUpProgram },
  'test:fuzz': { file: 'tools/test-fuzz.ts', setUp: setUpEverything },
  'test:packing': { file: 'tools/test-packing.ts', setUp: setUpProgram },
  demo: { file: 'tools/demo.ts', setUp: setUpEverything },
  // npm run bench -- NAME …
  bench: { file: 'bench/NAME.ts', setUp: setUpEverything },
}

async function main([verb, ...rest]) {
  const { name, args } = programOf(verb, rest)
  const program = PROGRAMS[name]
  if (!program) return fail(`unknown verb ${verb}; one of: ${Object.keys(PROGRAMS).join(', ')}`)
  const [file, fileArgs] = name === 'bench' ? benchmarkOf(args) : [program.file, [...(program.args ?? []), ...args]]
  if (!existsSync(join(ROOT, file))) return fail(`there is no ${file}`)
  const { node, assets } = await program.setUp()
  passOn(spawn(node, [join(ROOT, file), ...fileArgs], { stdio: 'inherit', env: environment(node, assets) }))
}

/** The simulator is a program of its own, so that the operator's never imports it; a checkout offers both as one. */
function programOf(verb, args) {
  const isSimulator = verb === 'longshore' && args[0] === 'simulate-aws'
  return isSimulator ? { name: 'simulate-aws', args: args.slice(1) } : { name: verb, args }
}

function benchmarkOf([name = 'NAME', ...args]) {
  return [`bench/${name}.ts`, args]
}

/**
 * The tools that the program starts (oxlint, knip …) find the same Node first. Node keeps what it made of the sources: a
 * start costs half as much, and 35 MiB less.
 */
function environment(node, assets) {
  const path = [dirname(node), env.PATH].join(delimiter)
  const cache = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node') }
  return { ...cache, ...env, PATH: path, ...(assets && { KUBEBUILDER_ASSETS: assets }) }
}

function fail(sentence) {
  say(`error: ${sentence}`)
  exit(1)
}

await main(argv.slice(2)).catch(failWithSentence)
