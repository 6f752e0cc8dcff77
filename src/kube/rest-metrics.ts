import type { FailureCode } from '../core/failure.ts'
import type { Metrics } from '../core/ports.ts'

/** Counts requests under the names of client-go, so that dashboards made for controller-runtime work. */
export interface RestMetrics {
  /** `status`: the HTTP status, or why there was none. */
  answered(method: string, status: number | FailureCode, seconds: number): void
  retried(method: string, code: FailureCode): void
}

const DURATION_BUCKETS_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60]

export function createRestMetrics(metrics: Metrics, host: string): RestMetrics {
  const requests = metrics.counter({
    name: 'rest_client_requests_total',
    help: 'Number of HTTP requests to the API server, by status code, method and host.',
    labels: ['code', 'method', 'host'],
  })
  const durations = metrics.histogram({
    name: 'rest_client_request_duration_seconds',
    help: 'Time until an answer of the API server was there, by verb and host.',
    labels: ['verb', 'host'],
    buckets: DURATION_BUCKETS_SECONDS,
  })
  const retries = metrics.counter({
    name: 'rest_client_request_retries_total',
    help: 'Number of requests to the API server that were sent once more.',
    labels: ['code', 'verb', 'host'],
  })
  return {
    answered: (method, status, seconds) => {
      requests.add({ code: typeof status === 'number' ? String(status) : '<error>', method, host })
      durations.observe({ verb: method, host }, seconds)
    },
    retried: (method, code) => {
      retries.add({ code, verb: method, host })
    },
  }
}
