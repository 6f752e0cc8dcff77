import type { FailureCode } from '../core/failure.ts'
import type { Metrics } from '../core/ports.ts'

/** Counts requests under the names of client-go, so that dashboards made for controller-runtime work. */
export interface RestMetrics {
  /** A request is about to go, with a body of this size. */
  sent(method: string, bodyBytes: number): void
  /** The head of the answer is there. `status`: of HTTP, or why there was none. */
  answered(method: string, status: number | FailureCode, seconds: number): void
  /** The body of the answer is there. */
  received(method: string, bodyBytes: number): void
  retried(method: string, status: number | FailureCode): void
  /** A request waits because the server asked us to slow down. */
  heldBack(method: string, seconds: number): void
}

// The buckets of controller-runtime and of Kubernetes' own components.
const DURATION_BUCKETS_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60]
const SIZE_BUCKETS_BYTES = [64, 256, 512, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216]

export function createRestMetrics(metrics: Metrics, host: string): RestMetrics {
  const requests = metrics.counter({
    name: 'rest_client_requests_total',
    help: 'Number of HTTP requests to the API server, by status code, method and host.',
    labels: ['code', 'method', 'host'],
  })
  const retries = metrics.counter({
    name: 'rest_client_request_retries_total',
    help: 'Number of requests to the API server that were sent once more.',
    labels: ['code', 'verb', 'host'],
  })
  const histogram = (name: string, help: string, buckets: readonly number[]) =>
    metrics.histogram({ name: `rest_client_${name}`, help, labels: ['verb', 'host'], buckets })
  const durations = histogram(
    'request_duration_seconds',
    'Time until an answer of the API server was there.',
    DURATION_BUCKETS_SECONDS,
  )
  const sent = histogram('request_size_bytes', 'Size of request bodies.', SIZE_BUCKETS_BYTES)
  const received = histogram('response_size_bytes', 'Size of answers; watches do not count.', SIZE_BUCKETS_BYTES)
  const pauses = histogram(
    'rate_limiter_duration_seconds',
    'Time that requests were held back because the API server had answered 429.',
    DURATION_BUCKETS_SECONDS,
  )
  return {
    sent: (method, bodyBytes) => {
      sent.observe({ verb: method, host }, bodyBytes)
    },
    answered: (method, status, seconds) => {
      requests.add({ code: codeOf(status), method, host })
      durations.observe({ verb: method, host }, seconds)
    },
    received: (method, bodyBytes) => {
      received.observe({ verb: method, host }, bodyBytes)
    },
    retried: (method, status) => {
      retries.add({ code: codeOf(status), verb: method, host })
    },
    heldBack: (method, seconds) => {
      pauses.observe({ verb: method, host }, seconds)
    },
  }
}

/** As client-go says it. */
function codeOf(status: number | FailureCode): string {
  return typeof status === 'number' ? String(status) : '<error>'
}
