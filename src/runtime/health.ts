import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Names of checks and whether they hold. */
export type Checks = Readonly<Record<string, () => boolean>>

export interface HealthOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** What must hold for the process to be worth keeping (`/healthz`). */
  readonly alive: Checks
  /** What must hold for it to count as up (`/readyz`). */
  readonly ready: Checks
  readonly metrics: { readonly contentType: string; scrape(): Promise<string> }
}

export interface HealthServer extends AsyncDisposable {
  readonly port: number
}

/** Serves `/healthz`, `/readyz` and `/metrics`. Rejects when the port is taken. */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    void answer(options, new URL(request.url ?? '/', 'http://localhost').pathname, response)
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(options.port, options.host, resolve)
  await promise

  return {
    port: portOf(server.address()),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

async function answer(options: HealthOptions, path: string, response: ServerResponse): Promise<void> {
  switch (path) {
    case '/healthz':
      report(options.alive, response)
      return
    case '/readyz':
      report(options.ready, response)
      return
    case '/metrics':
      await scrape(options.metrics, response)
      return
    default:
      response.writeHead(404).end()
  }
}

async function scrape(metrics: HealthOptions['metrics'], response: ServerResponse): Promise<void> {
  try {
    const text = await metrics.scrape()
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text)
  } catch {
    // A gauge that cannot be read must cost a scrape, not the process.
    response.writeHead(500).end()
  }
}

/** One line per check, as Kubernetes' own components answer. */
function report(checks: Checks, response: ServerResponse): void {
  const results = Object.entries(checks).map(([name, holds]) => ({ name, isGood: holds() }))
  const lines = results.map(({ name, isGood }) => `${isGood ? '[+]' : '[-]'}${name} ${isGood ? 'ok' : 'failed'}\n`)
  const status = results.every(({ isGood }) => isGood) ? 200 : 503
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(lines.join('') || 'ok\n')
}

function portOf(address: AddressInfo | string | null): number {
  return address === null || typeof address === 'string' ? 0 : address.port
}
