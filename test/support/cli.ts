import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { REGION } from './simulator-process.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** What a run of the program printed and ended with. */
export interface CliAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The program as people run it, who only look. */
export interface Cli {
  readonly longshore: (...args: readonly string[]) => Promise<CliAnswer>
  /** As at a terminal: Node has no way to open one, so the process is told that its output is one. */
  readonly longshoreAtTerminal: (
    args: readonly string[],
    variables: Readonly<Record<string, string>>,
  ) => Promise<CliAnswer>
}

/** The access key of who only looks: what AWS was asked with it is in the simulator's log. */
export const LOOKER_KEY = 'AKIALOOKEREXAMPLE'

export interface CliOptions {
  readonly kubeconfigPath: string
  readonly simulatorUrl: string
  /** Also the installation id. */
  readonly namespace: string
}

export function createCli({ kubeconfigPath, simulatorUrl, namespace }: CliOptions): Cli {
  const run = (args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<CliAnswer> => {
    const env = {
      ...variables,
      KUBECONFIG: kubeconfigPath,
      LONGSHORE_INSTALLATION_ID: namespace,
      AWS_ENDPOINT_URL: simulatorUrl,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: LOOKER_KEY,
      AWS_SECRET_ACCESS_KEY: 'example',
    }
    return new Promise((resolve) => {
      execFile(process.execPath, [...args, '--namespace', namespace], { env }, (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr })
      })
    })
  }
  return {
    longshore: (...args) => run([MAIN, ...args]),
    longshoreAtTerminal: (args, variables) =>
      run(['--import', 'data:text/javascript,process.stdout.isTTY=true', MAIN, ...args], variables),
  }
}
