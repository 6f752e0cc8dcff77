import type { ServerResponse } from 'node:http'

/** A request on its way to the API server. */
export interface ProxiedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What goes wrong with a request. */
export type Effect =
  /** The proxy answers itself; the API server never hears of the request. */
  | { readonly type: 'answer'; readonly status: number; readonly reason: string; readonly retryAfterSeconds?: number }
  /** The connection is reset, and the API server never hears of the request. */
  | { readonly type: 'reset' }
  /** The API server does what it was asked to, and the connection is reset in place of its answer. */
  | { readonly type: 'lost-answer' }
  /** The connection stays open and nothing ever comes: what a vanished host looks like. */
  | { readonly type: 'half-open' }
  /** The answer comes a few bytes at a time. */
  | { readonly type: 'trickle'; readonly bytes: number; readonly everyMs: number }

/** Which requests meet a fault. Absent members match everything. */
export interface Fault {
  readonly method?: string
  /** The last part of the path: a plural, a name or a subresource. */
  readonly ends?: string
  /** Name of the object that it is about, or whose subresource. */
  readonly name?: string
  /** A list that is asked for as a stream, any other watch, or neither. */
  readonly form?: 'streaming-list' | 'watch' | 'plain'
  /** How many requests; default: all. */
  readonly count?: number
  readonly effect: Effect
}

/** A fault in force. */
export interface InjectedFault {
  /** How many requests it has met. */
  readonly hits: () => number
  readonly end: () => void
}

/** What kind of question a request is. */
export function formOf({ query }: ProxiedRequest): NonNullable<Fault['form']> {
  if (query.has('sendInitialEvents')) return 'streaming-list'
  return query.has('watch') ? 'watch' : 'plain'
}

export function isMetBy(
  request: ProxiedRequest,
  { method, ends, name, form }: Pick<Fault, 'method' | 'ends' | 'name' | 'form'>,
): boolean {
  if (method !== undefined && method !== request.method) return false
  if (ends !== undefined && !request.path.endsWith(`/${ends}`)) return false
  if (name !== undefined && !request.path.split('/').slice(-2).includes(name)) return false
  return form === undefined || form === formOf(request)
}

/** Answers with a `meta/v1` Status, as the API server and its front door do. */
export function refuse(response: ServerResponse, effect: Effect & { readonly type: 'answer' }): void {
  const { status, reason, retryAfterSeconds } = effect
  const retryAfter = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  const body = {
    apiVersion: 'v1',
    kind: 'Status',
    status: 'Failure',
    code: status,
    reason,
    message: `injected ${status}`,
  }
  response.writeHead(status, { 'content-type': 'application/json', ...retryAfter }).end(JSON.stringify(body))
}
