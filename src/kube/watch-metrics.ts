import type { FailureCode } from '../core/failure.ts'
import type { Clock, Metrics } from '../core/ports.ts'

/** What is worth knowing about one watch: whether it is alive, and how often it had to be mended. */
export interface WatchMetrics {
  /** An event or a bookmark arrived. */
  heard(): void
  listed(): void
  connected(): void
  failed(code: FailureCode): void
}

export function createWatchMetrics(metrics: Metrics, resource: string, clock: Clock): WatchMetrics {
  const labels = { resource }
  let heardAt = clock.now()
  metrics.observedGauge(
    {
      name: 'longshore_watch_last_event_age_seconds',
      help: 'Time since the last event or bookmark of a watch; bookmarks come about once a minute.',
      labels: ['resource'],
    },
    () => [[labels, (clock.now() - heardAt) / 1000]],
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
    help: 'Watches and lists that failed, by code: expired (410), timeout (silent too long), unavailable (reset, 5xx, unreadable) …',
    labels: ['resource', 'code'],
  })
  return {
    heard: () => {
      heardAt = clock.now()
    },
    listed: () => {
      heardAt = clock.now()
      lists.add(labels)
    },
    connected: () => {
      connects.add(labels)
    },
    failed: (code) => {
      failures.add({ ...labels, code })
    },
  }
}
