import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { env } from 'node:process'
import { createInterface } from 'node:readline'
import { findAssets } from '../../../tools/control-plane/assets.ts'

/** A port of something in a cluster, on this machine. */
export interface ForwardedPort {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Forwards to a port of `to` (`service/simulator`). */
export async function forwardPort(
  kubeconfigPath: string,
  namespace: string,
  to: string,
  port: number,
): Promise<ForwardedPort> {
  const args = ['port-forward', '--namespace', namespace, to, `:${port}`]
  const child = spawn(findAssets().kubectl, args, {
    env: { ...env, KUBECONFIG: kubeconfigPath },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const [line]: string[] = await Promise.race([once(lines, 'line'), ended.then(() => [])])
  const [, local] = /^Forwarding from (127\.0\.0\.1:\d+)/.exec(line ?? '') ?? []
  if (local === undefined) throw new Error(`kubectl port-forward ended, or said ${line}`)
  const close = async (): Promise<void> => {
    child.kill()
    await ended
  }
  return { url: `http://${local}`, close }
}
