import type { Metrics } from '../core/ports.ts'

export type PassResult = 'success' | 'error' | 'requeue_after'

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
  const labels = ['controller']
  const counter = (name: string, help: string) =>
    metrics.counter({ name: `controller_runtime_reconcile_${name}`, help, labels })
  const gauge = (name: string, help: string) => metrics.gauge({ name: `controller_runtime_${name}`, help, labels })

  const total = metrics.counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Passes by result: success, error (to be retried), requeue_after.',
    labels: [...labels, 'result'],
  })
  const seconds = metrics.histogram({
    name: 'controller_runtime_reconcile_time_seconds',
    help: 'How long passes took.',
    labels,
    buckets: DURATION_BUCKETS_SECONDS,
  })
  const errors = counter('errors_total', 'Passes that did not work.')
  const panics = counter('panics_total', 'Passes that ended in an unexpected exception: bugs.')
  const timeouts = counter('timeouts_total', 'Passes that were cut because they took too long.')
  const busy = gauge('active_workers', 'Workers with a key in hand.')
  gauge('max_concurrent_reconciles', 'Number of workers.').set(own, workers)
  let active = 0

  return {
    began: () => {
      active += 1
      busy.set(own, active)
      return (result, took) => {
        active -= 1
        busy.set(own, active)
        total.add({ ...own, result })
        seconds.observe(own, took)
        if (result === 'error') errors.add(own)
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
