import { execFile } from 'node:child_process'
import { env } from 'node:process'
import { promisify } from 'node:util'
import { findAssets } from './assets.ts'

const run = promisify(execFile)

/** Runs kubectl; its standard output, or an error that carries what it said. */
export type Kubectl = (...args: readonly string[]) => Promise<string>

/** kubectl with a kubeconfig; `--filename -` reads `input`. */
export function createKubectl(kubeconfigPath: string, input = ''): Kubectl {
  const { kubectl } = findAssets()
  const options = { env: { ...env, KUBECONFIG: kubeconfigPath }, maxBuffer: 64 * 1024 * 1024 }
  return async (...args) => {
    const running = run(kubectl, [...args], options)
    running.child.stdin?.end(input)
    return (await running).stdout
  }
}

/** Installs the CRDs of `folder` and waits until the API server serves them. */
export async function installCrds(kubectl: Kubectl, folder: string): Promise<void> {
  // Server-side: a CRD is too large for the annotation that client-side apply leaves behind.
  await kubectl('apply', '--server-side', '--filename', folder)
  await kubectl('wait', '--for=condition=Established', '--timeout=30s', '--filename', folder)
}
