import { type HttpHandler, type HttpRequest, HttpResponse } from '@smithy/core/protocols'
import { Agent, type Dispatcher } from 'undici'

const CONNECT_TIMEOUT_MILLISECONDS = 5000

/**
 * Carries HTTP requests for the SDK: each on a connection of its own, which is kept for the next one; answers come whole.
 * Deadlines are the caller's. Errors of undici have their code in `code`, like those of Node.
 */
export function createHttpHandler(): HttpHandler<object> {
  const agent = new Agent({
    // As many as there are calls: one that had to wait for a connection might leave when it must not any more.
    connections: null,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MILLISECONDS },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return {
    handle: async (request, { abortSignal } = {}) => ({ response: await exchange(agent, request, abortSignal) }),
    destroy: () => void agent.destroy(),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  }
}

/** Of the SDK: real signals, and those of clients that are older than the platform's. */
type Signal = Pick<AbortSignal, 'aborted'> & Partial<Pick<AbortSignal, 'addEventListener' | 'removeEventListener'>>

/** Sends one request. With callbacks: around answers this small, streams cost more than everything else. */
function exchange(agent: Agent, request: HttpRequest, signal: Signal | undefined): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>()
  const chunks: Buffer[] = []
  let statusCode = 0
  let headers: Record<string, string> = {}
  let controller: Dispatcher.DispatchController | undefined

  const giveUp = (): void => {
    const error = Object.assign(new Error('the request was given up'), { name: 'AbortError' })
    controller?.abort(error)
    reject(error)
  }
  const end = (): void => signal?.removeEventListener?.('abort', giveUp)

  if (signal?.aborted === true) giveUp()
  signal?.addEventListener?.('abort', giveUp, { once: true })
  agent.dispatch(optionsFrom(request), {
    onRequestStart: (started) => {
      controller = started
      if (signal?.aborted === true) giveUp()
    },
    onResponseStart: (_, status, received) => {
      statusCode = status
      headers = headersFrom(received)
    },
    onResponseData: (_, chunk) => void chunks.push(chunk),
    onResponseEnd: () => {
      end()
      resolve(new HttpResponse({ statusCode, headers, body: whole(chunks) }))
    },
    onResponseError: (_, error) => {
      end()
      reject(error)
    },
  })
  return promise
}

function optionsFrom({
  protocol,
  hostname,
  port,
  ...request
}: HttpRequest): Dispatcher.DispatchOptions & { origin: string } {
  const { method, path, headers, query, body } = request
  const origin = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)) {
    throw new TypeError('only whole bodies can be sent')
  }
  return { origin, method, path: `${path}${queryText(query)}`, headers, body }
}

function queryText(query: HttpRequest['query']): string {
  const members = Object.entries(query).flatMap(([name, value]) => [value].flat().map((each) => [name, each ?? '']))
  return members.length === 0 ? '' : `?${new URLSearchParams(members).toString()}`
}

function headersFrom(received: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const known: Record<string, string> = {}
  for (const [name, value] of Object.entries(received)) {
    if (value !== undefined) known[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return known
}

function whole(chunks: readonly Buffer[]): Uint8Array {
  const [only = Buffer.alloc(0)] = chunks
  return chunks.length <= 1 ? only : Buffer.concat(chunks)
}
