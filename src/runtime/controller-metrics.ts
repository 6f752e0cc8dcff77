import type { Metrics } from '../core/ports.ts'

const RESULTS = ['success', 'error', 'requeue_after', 'requeue'] as const

/** How a pass ended; `terminal-error`: with an error that only a person can mend. */
export type PassResult = (typeof RESULTS)[number] | 'terminal-error'

/** Passes of one controller under the names of controller-runtime. */
export interface ControllerMetrics {
  /** A pass begins; answers what to call when it is over. */
  began(): (result: PassResult, seconds: number) => void
  /** The pass threw: a bug. */
  panicked(): void
  timedOut(): void
}

const DURATION_BUCKETS_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 30, 60,
]

export function createControllerMetrics(metrics: Metrics, controller: string, workers: number): ControllerMetrics {
  const own = { controller }
  const { total, seconds, errors, terminals, panics, timeouts } = definePassMetrics(metrics)
  const gauge = (name: string, help: string) =>
    metrics.gauge({ name: `controller_runtime_${name}`, help, labels: LABELS })
  const busy = gauge('active_workers', 'Workers with a key in hand.')
  gauge('max_concurrent_reconciles', 'Number of workers.').set(own, workers)
  let active = 0
  // From the start, as controller-runtime: an alert on a rate needs to see the first step.
  for (const result of RESULTS) total.add({ ...own, result }, 0)
  for (const each of [errors, panics, timeouts, terminals]) each.add(own, 0)

  function count(result: PassResult): void {
    const isTerminal = result === 'terminal-error'
    total.add({ ...own, result: isTerminal ? 'error' : result })
    if (isTerminal) terminals.add(own)
    if (isTerminal || result === 'error') errors.add(own)
  }

  return {
    began: () => {
      active += 1
      busy.set(own, active)
      return (result, took) => {
        active -= 1
        busy.set(own, active)
        count(result)
        seconds.observe(own, took)
      }
    },
    panicked: () => {
      panics.add(own)
    },
    timedOut: () => {
      timeouts.add(own)
    },
  }
}

const LABELS = ['controller']

function definePassMetrics(metrics: Metrics) {
  const counter = (name: string, help: string) =>
    metrics.counter({ name: `controller_runtime_${name}`, help, labels: LABELS })
  return {
    total: metrics.counter({
      name: 'controller_runtime_reconcile_total',
      help: 'Passes by result: success, error, requeue (at once), requeue_after.',
      labels: [...LABELS, 'result'],
    }),
    seconds: metrics.histogram({
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'How long passes took.',
      labels: LABELS,
      buckets: DURATION_BUCKETS_SECONDS,
    }),
    errors: counter('reconcile_errors_total', 'Passes that did not work.'),
    terminals: counter(
      'terminal_reconcile_errors_total',
      'Passes that ended with an error that no retry mends: the object is stalled.',
    ),
    panics: counter('reconcile_panics_total', 'Passes that ended in an unexpected exception: bugs.'),
    timeouts: counter('reconcile_timeouts_total', 'Passes that were cut because they took too long.'),
  }
}
