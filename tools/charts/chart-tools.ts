import { execFile, execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const SET_UP = fileURLToPath(new URL('../setup.js', import.meta.url))
const run = promisify(execFile)

/** Where a folder with helm and promtool is handed down. */
export const CHART_TOOLS_VARIABLE = 'LONGSHORE_CHART_TOOLS'

/** Runs a program; its standard output, or an error that carries what it said (`stderr`). */
export type Tool = (...args: readonly string[]) => Promise<string>

/** The folder with helm and promtool; set-up may first have to build them, which takes minutes. */
export function findChartTools(): string {
  return (
    env[CHART_TOOLS_VARIABLE] ??
    execFileSync(execPath, [SET_UP, '--chart-tools'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
  )
}

/** helm; without a kubeconfig it only renders. Its own files go to `home`. */
export function createHelm(home: string, kubeconfigPath = '/nowhere'): Tool {
  const own = { HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home }
  return createTool('helm', { ...env, ...own, KUBECONFIG: kubeconfigPath })
}

export function createPromtool(): Tool {
  return createTool('promtool', env)
}

function createTool(name: string, variables: NodeJS.ProcessEnv): Tool {
  const program = join(findChartTools(), name)
  const options = { env: variables, maxBuffer: 64 * 1024 * 1024 }
  return async (...args) => (await run(program, [...args], options)).stdout
}
