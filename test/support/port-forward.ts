import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { env } from 'node:process'
import { after } from 'node:test'
import { findAssets } from '../../tools/control-plane/assets.ts'

/** Where on this machine a port of something in the cluster (`service/simulator`) answers, until the test file ends. */
export async function forwardPort(
  kubeconfigPath: string,
  namespace: string,
  to: string,
  port: number,
): Promise<string> {
  const args = ['port-forward', '--namespace', namespace, to, `:${port}`]
  const child = spawn(findAssets().kubectl, args, {
    env: { ...env, KUBECONFIG: kubeconfigPath },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  after(() => child.kill())
  const [line]: string[] = await once(createInterface({ input: child.stdout }), 'line')
  const [, local] = /^Forwarding from (127\.0\.0\.1:\d+)/.exec(line ?? '') ?? []
  if (local === undefined) throw new Error(`kubectl port-forward said ${line}`)
  return `http://${local}`
}
