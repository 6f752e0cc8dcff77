import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { StartCommand } from '../control-plane/supervision.ts'

const PROGRAM = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

interface OperatorInput {
  readonly kubeconfigPath: string
  readonly simulatorUrl: string
  readonly region: string
  /** The simulator takes any credentials; the key says whose a call is. */
  readonly accessKeyId: string
  /** Flags beside those that every operator on this machine needs. */
  readonly flags: readonly string[]
}

/** How to start the operator as the process that users run, against simulated AWS. */
export function operatorCommand({
  kubeconfigPath,
  simulatorUrl,
  region,
  accessKeyId,
  flags,
}: OperatorInput): StartCommand {
  return {
    name: 'operator',
    command: execPath,
    args: [PROGRAM, 'operator', '--bind-address=127.0.0.1', '--http-port=0', ...flags],
    env: {
      KUBECONFIG: kubeconfigPath,
      AWS_ENDPOINT_URL: simulatorUrl,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'example',
    },
  }
}
