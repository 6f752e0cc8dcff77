import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { env, execPath, stdout } from 'node:process'
import { openShared } from './shared.ts'
import { ROOT } from './stage.ts'
import type { Section } from './test-files.ts'

/** A test that hangs is a failure, not a reason to wait for the job's own limit. */
const TEST_TIMEOUT_MILLISECONDS = 300_000

/** Test files wait for processes and timers more than they compute. */
const CONCURRENCY = availableParallelism() + 1

/**
 * Runs the files in one node:test run, so that its closing summary counts all of them and comes last; they share what
 * `openShared` opens. Answers the exit code.
 */
export async function runTests(sections: readonly Section[], signal: AbortSignal): Promise<number> {
  stdout.write(`${sections.map(({ name, files }) => `${name} ${files.length}`).join(', ')} (test files)\n`)
  const shared = await openShared(sections)
  try {
    return await runFiles(
      sections.flatMap(({ files }) => files),
      shared.variables,
      signal,
    )
  } finally {
    await shared.close()
  }
}

async function runFiles(
  files: readonly string[],
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number> {
  // CI reads the closing lines of this reporter; without a terminal the default would be the same only in newer Nodes.
  const options = ['--test', '--test-reporter=spec', `--test-concurrency=${CONCURRENCY}`]
  const timeout = `--test-timeout=${TEST_TIMEOUT_MILLISECONDS}`
  const child = spawn(execPath, [...options, timeout, ...files], {
    cwd: ROOT,
    env: { ...env, ...variables },
    stdio: 'inherit',
  })
  const end = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  const [code]: (number | null)[] = await once(child, 'exit')
  return code ?? 1
}
