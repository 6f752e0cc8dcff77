import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ControlHandler } from './control.ts'
import type { HttpAnswer, HttpRequest } from './protocol/http.ts'
import type { Simulator } from './simulator.ts'

/** A simulator that listens. */
export interface SimulatorServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Where a simulator listens. */
export interface Endpoint {
  /** An IPv4 address or a host name; 0.0.0.0: every address of the machine. */
  readonly bindAddress: string
  /** 0: any free one. */
  readonly port: number
}

/** Serves every AWS service on one endpoint, and control requests under `/_simulator/`. */
export async function serveSimulator(
  simulator: Simulator,
  control: ControlHandler,
  { bindAddress, port }: Endpoint,
): Promise<SimulatorServer> {
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing, { simulator, control }))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, bindAddress, resolve)
  })
  const address = server.address()
  const actualPort = typeof address === 'object' && address !== null ? address.port : port
  return { url: `http://${bindAddress}:${actualPort}`, close: () => close(server) }
}

interface Handlers {
  readonly simulator: Simulator
  readonly control: ControlHandler
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { simulator, control }: Handlers,
): Promise<void> {
  try {
    const request = await readRequest(incoming)
    const reply = request.path.startsWith('/_simulator/') ? await control(request) : await simulator.handle(request)
    if (reply === 'lost') outgoing.destroy()
    else send(outgoing, reply)
  } catch (error) {
    // A client that hangs up in the middle of its request is no business of ours; anything else is a defect.
    if (!outgoing.destroyed)
      send(outgoing, {
        status: 500,
        headers: { 'content-type': 'text/plain' },
        body: `the AWS simulator failed: ${String(error)}`,
      })
  }
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  const url = new URL(incoming.url ?? '/', 'http://simulator')
  const path = (incoming.url ?? '/').split('?')[0] ?? '/'
  return {
    method: incoming.method ?? 'GET',
    path,
    query: queryOf(url),
    headers: headersOf(incoming),
    body: Buffer.concat(chunks),
    remoteAddress: incoming.socket.remoteAddress,
  }
}

function queryOf(url: URL): Record<string, string | string[]> {
  const names = new Set(url.searchParams.keys())
  return Object.fromEntries(
    [...names].map((name) => {
      const [first = '', ...others] = url.searchParams.getAll(name)
      return [name, others.length === 0 ? first : [first, ...others]]
    }),
  )
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
}

function send(outgoing: ServerResponse, { status, headers, body }: HttpAnswer): void {
  outgoing.writeHead(status, headers)
  outgoing.end(body)
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((resolve) => void server.close(() => resolve()))
}
