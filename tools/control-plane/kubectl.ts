import { execFile } from 'node:child_process'
import { env } from 'node:process'
import { setTimeout } from 'node:timers/promises'
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
    // A kubectl that needs no input may end before it is offered any: its exit code says how it went.
    running.child.stdin?.on('error', () => undefined)
    running.child.stdin?.end(input)
    return (await running).stdout
  }
}

/** Installs the CRDs of `folder` and waits until the API server serves them. */
export async function installCrds(kubectl: Kubectl, folder: string): Promise<void> {
  // Server-side: a CRD is too large for the annotation that client-side apply leaves behind.
  await kubectl('apply', '--server-side', '--filename', folder)
  const deadline = performance.now() + ESTABLISHED_SECONDS * 1000
  while (!(await areEstablished(kubectl, folder))) {
    if (performance.now() > deadline) throw new Error(`not established after ${ESTABLISHED_SECONDS} s: ${folder}`)
    await setTimeout(POLL_MILLISECONDS)
  }
}

const ESTABLISHED_SECONDS = 30
const POLL_MILLISECONDS = 100

interface Crd {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] | null }
}

/** `kubectl wait` cannot be asked: it gives up where it finds no conditions at all, which is how a CRD begins. */
async function areEstablished(kubectl: Kubectl, folder: string): Promise<boolean> {
  const found: Crd & { readonly items?: readonly Crd[] } = JSON.parse(
    await kubectl('get', '--output=json', '--filename', folder),
  )
  return (found.items ?? [found]).every(({ status }) =>
    status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True'),
  )
}
