import { Pool, type Dispatcher } from 'undici'
import { Failure } from '../core/failure.ts'
import type { Clock, Metrics, Random } from '../core/ports.ts'
import type { Connection, TlsMaterial } from './connect.ts'
import { createDeadline } from './deadline.ts'
import { failureFromAnswer, failureFromError, malformed } from './errors.ts'
import { createRestMetrics, type RestMetrics } from './rest-metrics.ts'
import { retryAfterSeconds } from './retry.ts'

export interface KubeRequest {
  /** For errors: `PATCH ecrservices/status`. */
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: object
  /** Default `application/json`. */
  readonly contentType?: string
  /** Per attempt. Default 30. */
  readonly deadlineSeconds?: number
}

/**
 * HTTP to one API server, over three sets of connections: a queue of writes can delay neither a watch nor the renewal of
 * the lease. All throw `Failure`.
 */
export interface Transport {
  /** The JSON of the answer. Retries what may be repeated, a few times. */
  request(request: KubeRequest, signal: AbortSignal): Promise<unknown>
  /** The same on the connections of the lease, and never retried: the elector knows better when. */
  requestForLease(request: KubeRequest, signal: AbortSignal): Promise<unknown>
  /** The body of an answer without end, piece by piece. The deadline is for its head. */
  stream(request: KubeRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /** Cuts every connection. */
  close(): Promise<void>
}

export interface TransportOptions {
  readonly connection: Connection
  readonly clock: Clock
  readonly random: Random
  readonly metrics: Metrics
  /** `longshore/1.2.3`. */
  readonly userAgent: string
  /** Connections for reads and writes: number of workers and some slack. Default 32. */
  readonly connections?: number
}

interface Line {
  readonly connection: Connection
  readonly clock: Clock
  readonly random: Random
  readonly metrics: RestMetrics
  readonly userAgent: string
}

const DEFAULT_DEADLINE_SECONDS = 30
const LEASE_CONNECTIONS = 2

/** Opens a transport; connections are made when they are needed. Throws `Failure` (`credentials`) if a certificate cannot be read. */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const { connection, connections = 32 } = options
  const line: Line = { ...options, metrics: createRestMetrics(options.metrics, connection.server.host) }
  const tls = await connection.readTls()
  const requests = createPool(connection.server, tls, connections)
  const lease = createPool(connection.server, tls, LEASE_CONNECTIONS)
  const watches = createPool(connection.server, tls, null)

  return {
    request: (request, signal) => sendPatiently(line, requests, request, signal),
    requestForLease: (request, signal) => send(line, lease, request, signal),
    stream: (request, signal) => openStream(line, watches, request, signal),
    close: async () => {
      await Promise.all([requests, lease, watches].map((pool) => pool.destroy()))
    },
  }
}

function createPool(server: URL, tls: TlsMaterial, connections: number | null): Pool {
  return new Pool(server.origin, {
    connections,
    connect: { ...tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 },
    // One connection per request in flight: a stalled stream of a shared h2 session would hold up all others.
    allowH2: false,
    pipelining: 1,
    // Go's servers close idle connections after 3 minutes or more.
    keepAliveTimeout: 60_000,
    // Deadlines are ours: a watch has none, and all of them follow the injected clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}

async function sendPatiently(line: Line, pool: Pool, request: KubeRequest, signal: AbortSignal): Promise<unknown> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await send(line, pool, request, signal)
    } catch (error) {
      const failure = failureFromError(request.operation, error)
      const attempt = { method: request.method, retries, jitter: line.random.fraction() }
      const waitSeconds = retryAfterSeconds(failure, attempt)
      if (waitSeconds === undefined) throw failure
      line.metrics.retried(request.method, failure.code)
      await sleep(line, waitSeconds, request, signal)
    }
  }
}

async function sleep(line: Line, seconds: number, request: KubeRequest, signal: AbortSignal): Promise<void> {
  try {
    await line.clock.sleep(seconds, signal)
  } catch (cause) {
    throw new Failure('aborted', request.operation, { cause })
  }
}

async function send(line: Line, pool: Pool, request: KubeRequest, signal: AbortSignal): Promise<unknown> {
  const { operation, deadlineSeconds = DEFAULT_DEADLINE_SECONDS } = request
  const deadline = createDeadline(operation, deadlineSeconds, signal, line.clock)
  try {
    const response = await dispatch(line, pool, request, deadline.signal)
    const body = await response.body.text()
    assertGood(line, request, { response, body })
    return parseJson(operation, body)
  } catch (error) {
    throw failureOf(operation, error, deadline.signal)
  } finally {
    deadline.end()
  }
}

async function openStream(
  line: Line,
  pool: Pool,
  request: KubeRequest,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { operation, deadlineSeconds = DEFAULT_DEADLINE_SECONDS } = request
  // Two limits: one for the head, and one that lives as long as the body does.
  const head = createDeadline(operation, deadlineSeconds, signal, line.clock)
  try {
    const response = await dispatch(line, pool, request, head.signal)
    if (response.statusCode !== 200) assertGood(line, request, { response, body: await response.body.text() })
    return piecesOf(response.body, operation, signal)
  } catch (error) {
    throw failureOf(operation, error, head.signal)
  } finally {
    head.end()
  }
}

/** undici forgets the signal of a request once its body is being read by hand, so the body is cut here. */
async function* piecesOf(
  body: Dispatcher.ResponseData['body'],
  operation: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const cut = (): void => {
    body.destroy(new Failure('aborted', operation, { cause: signal.reason }))
  }
  if (signal.aborted) cut()
  signal.addEventListener('abort', cut, { once: true })
  try {
    yield* body
  } catch (error) {
    throw failureOf(operation, error, signal)
  } finally {
    signal.removeEventListener('abort', cut)
    body.destroy()
  }
}

async function dispatch(
  line: Line,
  pool: Pool,
  request: KubeRequest,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { method, path, body, contentType = 'application/json' } = request
  const startedAt = line.clock.now()
  const seconds = (): number => (line.clock.now() - startedAt) / 1000
  const credentials = await line.connection.credentials.headers()
  const common = { ...credentials, accept: 'application/json', 'user-agent': line.userAgent }
  try {
    const response = await pool.request({
      method,
      path,
      signal,
      headers: body === undefined ? common : { ...common, 'content-type': contentType },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    line.metrics.answered(method, response.statusCode, seconds())
    return response
  } catch (error) {
    const failure = failureOf(request.operation, error, signal)
    line.metrics.answered(method, failure.code, seconds())
    throw failure
  }
}

interface Answer {
  readonly response: Dispatcher.ResponseData
  readonly body: string
}

function assertGood(line: Line, { operation }: KubeRequest, { response, body }: Answer): void {
  const { statusCode: status, headers } = response
  if (status >= 200 && status < 300) return
  if (status === 401) line.connection.credentials.refused()
  const retryAfter = headers['retry-after']
  throw failureFromAnswer(operation, {
    status,
    body,
    retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
  })
}

/** Our own signal explains more than the error that the client makes of it. */
function failureOf(operation: string, error: unknown, signal: AbortSignal): Failure {
  if (!signal.aborted) return failureFromError(operation, error)
  const reason: unknown = signal.reason
  return reason instanceof Failure ? reason : new Failure('aborted', operation, { cause: reason })
}

function parseJson(operation: string, body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw malformed(operation, 'the answer is not JSON', cause)
  }
}
