import type { Dispatcher, Pool } from 'undici'
import { Failure, type FailureCode } from '../core/failure.ts'
import type { Clock, Metrics, Random } from '../core/ports.ts'
import type { Connection } from './connect.ts'
import { createDeadline } from '../core/deadline.ts'
import { failureFromAnswer, failureFromError, malformed } from './errors.ts'
import { exchange, type Answer, type Asked, type Patience } from './exchange.ts'
import { openPools, type Pools, type Purpose } from './pools.ts'
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
 * the lease. A 401 makes it look for newer credentials and certificates and ask once more. All throw `Failure`.
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
  readonly pools: Pools
  readonly clock: Clock
  readonly random: Random
  readonly metrics: RestMetrics
  readonly userAgent: string
}

type Response = Dispatcher.ResponseData
type Head = Pick<Answer, 'statusCode' | 'headers'>

const DEFAULT_DEADLINE_SECONDS = 30

/** Opens a transport; connections are made when they are needed. Throws `Failure` (`credentials`) if a certificate cannot be read. */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const { connection, connections = 32 } = options
  const pools = await openPools({ ...options, connections })
  const line: Line = { ...options, pools, metrics: createRestMetrics(options.metrics, connection.server.host) }
  return {
    request: (request, signal) => sendPatiently(line, request, signal),
    requestForLease: async (request, signal) => valueOf(await send(line, 'lease', request, signal)),
    stream: (request, signal) => openStream(line, request, signal),
    close: () => pools.destroy(),
  }
}

/** What became of a request. `status`: of HTTP, or why there was none. */
type Outcome =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'failure'; readonly failure: Failure; readonly status: number | FailureCode }

function valueOf(outcome: Outcome): unknown {
  if (outcome.type === 'failure') throw outcome.failure
  return outcome.value
}

async function sendPatiently(line: Line, request: KubeRequest, signal: AbortSignal): Promise<unknown> {
  for (let retries = 0; ; retries += 1) {
    const outcome = await send(line, 'requests', request, signal)
    if (outcome.type === 'value') return outcome.value
    const attempt = { method: request.method, retries, jitter: line.random.fraction() }
    const waitSeconds = retryAfterSeconds(outcome.failure, attempt)
    if (waitSeconds === undefined) throw outcome.failure
    line.metrics.retried(request.method, outcome.status)
    if (outcome.failure.code === 'throttled') line.metrics.heldBack(request.method, waitSeconds)
    await sleep(line, waitSeconds, request, signal)
  }
}

async function sleep(line: Line, seconds: number, request: KubeRequest, signal: AbortSignal): Promise<void> {
  try {
    await line.clock.sleep(seconds, signal)
  } catch (cause) {
    throw new Failure('aborted', request.operation, { cause })
  }
}

async function send(line: Line, purpose: Purpose, request: KubeRequest, signal: AbortSignal): Promise<Outcome> {
  const { operation, deadlineSeconds = DEFAULT_DEADLINE_SECONDS } = request
  const deadline = createDeadline(operation, deadlineSeconds, signal, line.clock)
  try {
    const answer = await dispatch(line, whole, { purpose, request }, deadline.signal)
    line.metrics.received(request.method, Buffer.byteLength(answer.body))
    if (isGood(answer)) return { type: 'value', value: parseJson(operation, answer.body) }
    return { type: 'failure', failure: refusalFrom(operation, answer, answer.body), status: answer.statusCode }
  } catch (error) {
    const failure = failureOf(operation, error, deadline.signal)
    return { type: 'failure', failure, status: failure.code }
  } finally {
    deadline.end()
  }
}

async function openStream(line: Line, request: KubeRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const { operation, deadlineSeconds = DEFAULT_DEADLINE_SECONDS } = request
  // Two limits: one for the head, and one that lives as long as the body does.
  const head = createDeadline(operation, deadlineSeconds, signal, line.clock)
  try {
    const response = await dispatch(line, streamed, { purpose: 'watches', request }, head.signal)
    if (!isGood(response)) throw refusalFrom(operation, response, await response.body.text())
    return piecesOf(response.body, operation, signal)
  } catch (error) {
    throw failureOf(operation, error, head.signal)
  } finally {
    head.end()
  }
}

/** undici forgets the signal of a request once its body is being read by hand, so the body is cut here. */
async function* piecesOf(
  body: Response['body'],
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

/** How an answer is taken in. */
interface Manner<R> {
  ask(pool: Pool, asked: Asked, patience: Patience): Promise<R>
  /** Frees the connection of an answer that nobody wants. */
  drop(response: R): Promise<void>
}

const whole: Manner<Answer> = { ask: exchange, drop: () => Promise.resolve() }
const streamed: Manner<Response> = {
  ask: async (pool, asked, { signal, onHead }) => {
    const response = await pool.request({ ...asked, signal })
    onHead(response.statusCode)
    return response
  },
  drop: (response) => response.body.dump(),
}

interface Sent {
  readonly purpose: Purpose
  readonly request: KubeRequest
}

/** Asks, and after a 401 once more with what is newer then: it was refused before anything was done. */
async function dispatch<R extends Head>(line: Line, manner: Manner<R>, sent: Sent, signal: AbortSignal): Promise<R> {
  const { credentials } = line.connection
  const used = await credentials.headers()
  const response = await dispatchOnce(line, manner, { ...sent, credentials: used }, signal)
  if (response.statusCode !== 401) return response

  await manner.drop(response)
  credentials.refused(used)
  await line.pools.refresh()
  const fresh = await credentials.headers()
  line.metrics.retried(sent.request.method, 401)
  return dispatchOnce(line, manner, { ...sent, credentials: fresh }, signal)
}

type Signed = Sent & { readonly credentials: Readonly<Record<string, string>> }

async function dispatchOnce<R extends Head>(
  line: Line,
  manner: Manner<R>,
  { purpose, request, credentials }: Signed,
  signal: AbortSignal,
): Promise<R> {
  const { method, path, body, contentType = 'application/json', operation } = request
  const startedAt = line.clock.now()
  const seconds = (): number => (line.clock.now() - startedAt) / 1000
  const common = { ...credentials, accept: 'application/json', 'user-agent': line.userAgent }
  const text = body === undefined ? undefined : JSON.stringify(body)
  line.metrics.sent(method, text === undefined ? 0 : Buffer.byteLength(text))
  const asked =
    text === undefined
      ? { method, path, headers: common }
      : { method, path, headers: { ...common, 'content-type': contentType }, body: text }
  let isAnswered = false
  try {
    const onHead = (statusCode: number): void => {
      isAnswered = true
      line.metrics.answered(method, statusCode, seconds())
    }
    return await manner.ask(line.pools.of(purpose), asked, { signal, onHead })
  } catch (error) {
    const failure = failureOf(operation, error, signal)
    if (!isAnswered) line.metrics.answered(method, failure.code, seconds())
    throw failure
  }
}

function isGood({ statusCode }: Head): boolean {
  return statusCode >= 200 && statusCode < 300
}

function refusalFrom(operation: string, { statusCode: status, headers }: Head, body: string): Failure {
  const [retryAfter] = [headers['retry-after']].flat()
  return failureFromAnswer(operation, { status, body, retryAfter })
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
