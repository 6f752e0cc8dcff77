import type { Failure } from '../core/failure.ts'
import type { Metrics } from '../core/ports.ts'
import { Unreadable } from './errors.ts'

/** What is worth knowing about one watch: whether it is alive, and how often it had to be mended. */
export interface WatchMetrics {
  listed(): void
  connected(): void
  failed(failure: Failure): void
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
  const { lists, connects, failures, decodeErrors, silences } = defineCounters(metrics)
  return {
    listed: () => {
      lists.add(labels)
    },
    connected: () => {
      connects.add(labels)
    },
    failed: (failure) => {
      failures.add({ ...labels, code: failure.code })
      if (failure instanceof Unreadable) decodeErrors.add(labels)
    },
    wentSilent: () => {
      silences.add(labels)
    },
  }
}

function defineCounters(metrics: Metrics) {
  const counter = (name: string, help: string, labels: readonly string[] = []) =>
    metrics.counter({ name: `longshore_watch_${name}`, help, labels: ['resource', ...labels] })
  return {
    lists: counter('lists_total', 'Full lists, the first included; more mean that versions expired.'),
    connects: counter('connects_total', 'Watches opened; the server ends each after 5 to 10 minutes.'),
    failures: counter(
      'failures_total',
      'Watches and lists that failed, by code: expired (410), throttled (429), unavailable (reset, 5xx, unreadable) …',
      ['code'],
    ),
    decodeErrors: counter(
      'decode_errors_total',
      'Answers and lines of watches that could not be read; they also count as failures.',
    ),
    silences: counter(
      'idle_aborts_total',
      'Watches cut and begun again because nothing was heard: a dead connection, or a cluster where nothing happens.',
    ),
  }
}
