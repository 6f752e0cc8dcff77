// npm test: every check that needs no Docker, cheapest first. `npm test -- PATTERN …` runs only the test files whose path
// contains a pattern. With --docker, those that need Docker count, too (npm run test:images, test:all), and with --argo-cd
// those that need Argo CD (npm run test:gitops, test:all). The last lines are node:test's closing summary over all test files.
import { argv, stdout } from 'node:process'
import { runTests } from './checks/run-tests.ts'
import { ROOT, type Stage, nodeStage, runStages } from './checks/stage.ts'
import { findTestFiles } from './checks/test-files.ts'
import { endSignal } from './process-end.ts'

const STATIC_STAGES: readonly Stage[] = [
  nodeStage('generated files', 'tools/generate.ts', '--check'),
  nodeStage('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  nodeStage('lint', 'node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'),
  nodeStage('types', 'node_modules/typescript/bin/tsc', '--noEmit'),
  nodeStage('unused code', 'node_modules/knip/bin/knip.js'),
]

async function main(args: readonly string[]): Promise<number> {
  const signal = endSignal()
  const patterns = args.filter((arg) => arg !== '--docker' && arg !== '--argo-cd')
  const extra = (flag: string): 'with' | 'without' => (args.includes(flag) ? 'with' : 'without')
  const sections = findTestFiles(ROOT, { patterns, docker: extra('--docker'), argoCd: extra('--argo-cd') })
  if (sections.length === 0) return fail(`no test file's path contains ${patterns.join(' or ')}`)
  if (patterns.length > 0) return runTests(sections, signal)

  const failure = await runStages(STATIC_STAGES, signal, (line) => stdout.write(`${line}\n`))
  if (failure) return fail(failure.output)
  return runTests(sections, signal)
}

function fail(message: string): number {
  stdout.write(`${message.trimEnd()}\n`)
  return 1
}

process.exitCode = await main(argv.slice(2)).catch((error: Error) => fail(error.message))
