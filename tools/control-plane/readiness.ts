import { readFile } from 'node:fs/promises'
import { Agent, get } from 'node:https'
import { setTimeout } from 'node:timers/promises'
import type { KeyPair } from './pki.ts'

const POLL_MILLISECONDS = 50
const REQUEST_MILLISECONDS = 2_000

/** The default namespace is made by the API server itself, a little after it calls itself ready. */
const PATHS = ['/readyz', '/api/v1/namespaces/default']

/** Resolves when the API server serves everything that a client may ask at once; rejects when `signal` fires. */
export async function untilReady(
  server: string,
  authority: KeyPair,
  client: KeyPair,
  signal: AbortSignal,
): Promise<void> {
  const [ca, cert, key] = await Promise.all(
    [authority.certificatePath, client.certificatePath, client.keyPath].map((path) => readFile(path)),
  )
  const agent = new Agent({ keepAlive: true, ca, cert, key })
  try {
    for (const path of PATHS) {
      while (!(await answersOk(new URL(path, server), agent)))
        await setTimeout(POLL_MILLISECONDS, undefined, { signal })
    }
  } finally {
    agent.destroy()
  }
}

/** Refused, reset, timed out and unhealthy are the same to who waits. */
function answersOk(url: URL, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent, timeout: REQUEST_MILLISECONDS }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode === 200))
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
  })
}
