import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { env, execPath, stdout } from 'node:process'
import { CHART_TOOLS_VARIABLE, findChartTools } from '../charts/chart-tools.ts'
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts'
import { createKubectl, installCrds } from '../control-plane/kubectl.ts'
import { ROOT } from './stage.ts'
import type { Section } from './test-files.ts'

/** A test that hangs is a failure, not a reason to wait for the job's own limit. */
const TEST_TIMEOUT_MILLISECONDS = 300_000

/** Test files wait for processes and timers more than they compute. */
const CONCURRENCY = availableParallelism() + 1

/** Kinds of tests that want an API server. */
const NEED_CLUSTER: ReadonlySet<string> = new Set(['faults', 'integration', 'charts'])

/** Where test files find the API server that they share (see test/support/control-plane.ts). */
const KUBECONFIG_VARIABLE = 'LONGSHORE_TEST_KUBECONFIG'

/**
 * Runs the files in one node:test run, so that its closing summary counts all of them and comes last. Integration
 * tests share one API server with the CRDs installed. Answers the exit code.
 */
export async function runTests(sections: readonly Section[], signal: AbortSignal): Promise<number> {
  stdout.write(`${sections.map(({ name, files }) => `${name} ${files.length}`).join(', ')} (test files)\n`)
  const chartTools = sections.some(({ name }) => name === 'charts') ? prepareChartTools() : {}
  const needsCluster = sections.some(({ name }) => NEED_CLUSTER.has(name))
  const controlPlane = needsCluster ? await startShared() : undefined
  try {
    return await runFiles(
      sections.flatMap(({ files }) => files),
      { ...chartTools, ...(controlPlane && { [KUBECONFIG_VARIABLE]: controlPlane.kubeconfigPath }) },
      signal,
    )
  } finally {
    await controlPlane?.stop()
  }
}

/** Only the tests of the charts need helm and promtool, which take minutes to build where nobody has built them. */
function prepareChartTools(): Readonly<Record<string, string>> {
  const startedAt = performance.now()
  const folder = findChartTools()
  tellTime('helm and promtool', startedAt)
  return { [CHART_TOOLS_VARIABLE]: folder }
}

function tellTime(what: string, startedAt: number): void {
  stdout.write(`✔ ${what.padEnd(18)} ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`)
}

async function startShared(): Promise<ControlPlane> {
  const startedAt = performance.now()
  const controlPlane = await startControlPlane()
  await installCrds(createKubectl(controlPlane.kubeconfigPath), join(ROOT, 'crds'))
  tellTime('control plane', startedAt)
  return controlPlane
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
