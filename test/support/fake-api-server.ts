import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Connection } from '../../src/kube/connect.ts'
import { createFixedCredentials } from '../../src/kube/credentials.ts'

export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Answer = (response: ServerResponse, request: ReceivedRequest) => void

/** An HTTP server that answers as it is told: for faults that a real API server would not commit on demand. */
export interface FakeApiServer extends AsyncDisposable {
  readonly connection: Connection
  /** Everything that was asked, in order. */
  readonly requests: readonly ReceivedRequest[]
  /** Number of TCP connections that were opened. */
  connections(): number
}

export async function startFakeApiServer(answer: Answer): Promise<FakeApiServer> {
  const requests: ReceivedRequest[] = []
  let connections = 0

  const server = createServer((incoming, response) => {
    void text(incoming).then((body) => {
      const url = new URL(incoming.url ?? '/', 'http://fake')
      const { method = '', headers } = incoming
      const request = { method, path: url.pathname, query: url.searchParams, headers, body }
      requests.push(request)
      answer(response, request)
    })
  })
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${portOf(server.address())}`)

  return {
    connection: {
      server: url,
      namespace: undefined,
      credentials: createFixedCredentials({ authorization: 'Bearer fake' }),
      readTls: () => Promise.resolve({}),
    },
    requests,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers with JSON. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
}

/** Answers with a `meta/v1` Status. */
export function status(code: number, reason: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = { apiVersion: 'v1', kind: 'Status', status: 'Failure', code, reason, message: `${reason} it is` }
  return json(body, code, headers)
}

/** Cuts the connection without a word. */
export const reset: Answer = (response) => {
  response.socket?.resetAndDestroy()
}

/** Gives each of the answers once, in order, and goes on with the last. */
export function inTurn(...answers: readonly [Answer, ...Answer[]]): Answer {
  let next = 0
  return (response, request) => {
    const answer = answers[Math.min(next, answers.length - 1)] ?? answers[0]
    next += 1
    answer(response, request)
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
