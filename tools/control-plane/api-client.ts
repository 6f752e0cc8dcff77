import { readFile } from 'node:fs/promises'
import { Agent, get } from 'node:https'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'

const TIMEOUT_MILLISECONDS = 10_000
const BUSY_MILLISECONDS = 10_000
const RETRY_MILLISECONDS = 100

/** Reads JSON from the API server: a few lines for tools, where starting kubectl each time would be too slow. */
export interface ApiClient {
  /** Rejects when the answer is not 200. */
  readonly read: (path: string) => Promise<unknown>
  readonly close: () => void
}

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string }
  }[]
  readonly users: readonly {
    readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string }
  }[]
}

/** A client from a kubeconfig that this project wrote (JSON, with everything inside). */
export async function createApiClient(kubeconfigPath: string): Promise<ApiClient> {
  const kubeconfig: Kubeconfig = JSON.parse(await readFile(kubeconfigPath, 'utf8'))
  const cluster = kubeconfig.clusters[0]?.cluster
  const user = kubeconfig.users[0]?.user
  if (!cluster || !user) throw new Error(`${kubeconfigPath} names no cluster or no user`)
  const agent = new Agent({
    keepAlive: true,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    cert: Buffer.from(user['client-certificate-data'], 'base64'),
    key: Buffer.from(user['client-key-data'], 'base64'),
  })
  return { read: (path) => readJson(new URL(path, cluster.server), agent), close: () => agent.destroy() }
}

interface Answer {
  readonly status: number
  readonly body: string
}

/** For the first second after a CRD is installed the API server answers 429, "storage is (re)initializing". */
async function readJson(url: URL, agent: Agent): Promise<unknown> {
  const deadline = performance.now() + BUSY_MILLISECONDS
  for (;;) {
    const { status, body } = await fetchOnce(url, agent)
    if (status === 200) return JSON.parse(body)
    if (status !== 429 || performance.now() > deadline) {
      throw new Error(`GET ${url.pathname} answered ${status}: ${body}`)
    }
    await setTimeout(RETRY_MILLISECONDS)
  }
}

function fetchOnce(url: URL, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: TIMEOUT_MILLISECONDS }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject)
    })
    request.on('timeout', () => request.destroy(new Error(`GET ${url.pathname} timed out`)))
    request.on('error', reject)
  })
}
