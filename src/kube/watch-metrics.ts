import type { FailureCode } from '../core/failure.ts'
import type { Metrics } from '../core/ports.ts'

/** What is worth knowing about one watch: whether it is alive, and how often it had to be mended. */
export interface WatchMetrics {
  listed(): void
  connected(): void
  failed(code: FailureCode): void
  /** What came was not the Kubernetes API's: half a line, a page of HTML. */
  unreadable(): void
  /** A watch was cut because nothing came any more. */
  wentSilent(): void
}

export function createWatchMetrics(metrics: Metrics, resource: string, silentSeconds: () => number): WatchMetrics {
  const labels = { resource }
  metrics.observedGauge(
    {
      name: 'longshore_watch_last_event_age_seconds',
      help: 'Time since the API server last gave a watch an event, a bookmark or a new start.',
      labels: ['resource'],
    },
    () => [[labels, silentSeconds()]],
  )
  const lists = metrics.counter({
    name: 'longshore_watch_lists_total',
    help: 'Full lists, the first included; more mean that versions expired.',
    labels: ['resource'],
  })
  const connects = metrics.counter({
    name: 'longshore_watch_connects_total',
    help: 'Watches opened; the server ends each after 5 to 10 minutes.',
    labels: ['resource'],
  })
  const failures = metrics.counter({
    name: 'longshore_watch_failures_total',
    help: 'Watches and lists that failed, by code: expired (410), unavailable (reset, 5xx, unreadable), throttled (429) …',
    labels: ['resource', 'code'],
  })
  const unreadables = metrics.counter({
    name: 'longshore_watch_decode_errors_total',
    help: 'Answers and lines of watches that could not be read; they also count as failures.',
    labels: ['resource'],
  })
  const silences = metrics.counter({
    name: 'longshore_watch_idle_aborts_total',
    help: 'Watches cut and begun again because nothing was heard: a dead connection, or a cluster where nothing happens.',
    labels: ['resource'],
  })
  return {
    listed: () => {
      lists.add(labels)
    },
    connected: () => {
      connects.add(labels)
    },
    failed: (code) => {
      failures.add({ ...labels, code })
    },
    unreadable: () => {
      unreadables.add(labels)
    },
    wentSilent: () => {
      silences.add(labels)
    },
  }
}
