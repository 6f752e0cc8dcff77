import { type HttpHandler, type HttpRequest, HttpResponse } from '@smithy/core/protocols'
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici'
import { Failure } from '../core/failure.ts'

const CONNECT_TIMEOUT_MILLISECONDS = 5000

/** The proxy that HTTPS goes through, as curl and the AWS CLI are told of it. */
export interface ProxySettings {
  /** Such as `http://proxy.example.com:3128`, perhaps with a user and a password; empty or absent: none. */
  readonly https: string | undefined
  /** Hosts that are reached without it, with commas between; `.example.com` means all below it. */
  readonly except: string | undefined
}

const NO_PROXY: ProxySettings = { https: undefined, except: undefined }

/**
 * Carries HTTP requests for the SDK: each on a connection of its own, which is kept for the next one; answers come whole.
 * HTTPS goes through the proxy; plain HTTP is for what is near: the agents that give credentials, and stand-ins of AWS.
 * Deadlines are the caller's. Throws `Failure` (`invalid`) if the proxy is no URL. Errors of undici have their code in `code`, like those of Node.
 */
export function createHttpHandler(proxy = NO_PROXY): HttpHandler<object> {
  const agent = openAgent(proxy)
  return {
    handle: async (request, { abortSignal } = {}) => ({ response: await exchange(agent, request, abortSignal) }),
    destroy: () => void agent.destroy(),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  }
}

function openAgent({ https = '', except = '' }: ProxySettings): Dispatcher {
  const options: Agent.Options = {
    // As many as there are calls: one that had to wait for a connection might leave when it must not any more.
    connections: null,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MILLISECONDS },
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  if (https === '') return new Agent(options)
  if (!/^https?:$/.test(URL.parse(https)?.protocol ?? ''))
    throw new Failure('invalid', 'start', { message: NO_PROXY_URL })
  // An empty word, because without it the environment would be asked.
  return new EnvHttpProxyAgent({ ...options, httpProxy: '', httpsProxy: https, noProxy: except })
}

// Without what it is: there may be a password in it.
const NO_PROXY_URL =
  'the environment variable HTTPS_PROXY wants the URL of a proxy, such as http://proxy.example.com:3128'

/** Of the SDK: real signals, and those of clients that are older than the platform's. */
type Signal = Pick<AbortSignal, 'aborted'> & Partial<Pick<AbortSignal, 'addEventListener' | 'removeEventListener'>>

/** Sends one request. With callbacks: around answers this small, streams cost more than everything else. */
function exchange(agent: Dispatcher, request: HttpRequest, signal: Signal | undefined): Promise<HttpResponse> {
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
