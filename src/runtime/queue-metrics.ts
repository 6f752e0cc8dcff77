import type { Clock, Instant, Metrics } from '../core/ports.ts'
import type { Queue, Taken } from './queue.ts'
import { PRIORITY } from './reconcile.ts'

/** The work queue under the names of client-go and controller-runtime. */
export interface QueueMetrics {
  added(): void
  retried(): void
  /** A worker begins; answers what to call when it is through. */
  taken(taken: Taken): () => void
}

/** 1e-8 s × 10, 12 steps. */
const DURATION_BUCKETS_SECONDS = Array.from({ length: 12 }, (_, step) => 10 ** (step - 8))

export function createQueueMetrics(
  metrics: Metrics,
  queue: Queue,
  { name, clock }: { name: string; clock: Clock },
): QueueMetrics {
  const own = { name, controller: name }
  const labels = ['name', 'controller']
  const counter = (metric: string, help: string) => metrics.counter({ name: `workqueue_${metric}`, help, labels })
  const histogram = (metric: string, help: string) =>
    metrics.histogram({ name: `workqueue_${metric}`, help, labels, buckets: DURATION_BUCKETS_SECONDS })
  const working = new Map<string, Instant>()
  observeQueue(metrics, { queue, own, busySeconds: () => [...working.values()].map((at) => (clock.now() - at) / 1000) })

  const adds = counter('adds_total', 'Keys added.')
  const retries = counter('retries_total', 'Keys put back after a failure.')
  const waits = histogram('queue_duration_seconds', 'How long a key was ready before a worker took it.')
  const works = histogram('work_duration_seconds', 'How long a worker had a key.')

  return {
    added: () => {
      adds.add(own)
    },
    retried: () => {
      retries.add(own)
    },
    taken: ({ key, waitedSeconds }) => {
      const startedAt = clock.now()
      working.set(key, startedAt)
      waits.observe(own, waitedSeconds)
      return () => {
        working.delete(key)
        works.observe(own, (clock.now() - startedAt) / 1000)
      }
    },
  }
}

interface Observed {
  readonly queue: Queue
  readonly own: { readonly name: string; readonly controller: string }
  readonly busySeconds: () => readonly number[]
}

function observeQueue(metrics: Metrics, { queue, own, busySeconds }: Observed): void {
  const labels = ['name', 'controller']
  metrics.observedGauge(
    { name: 'workqueue_depth', help: 'Keys that wait for a worker.', labels: [...labels, 'priority'] },
    () => [...depthsOf(queue)].map(([priority, depth]) => [{ ...own, priority: String(priority) }, depth] as const),
  )
  metrics.observedGauge(
    { name: 'workqueue_unfinished_work_seconds', help: 'Seconds of work in progress, all workers together.', labels },
    () => [[own, busySeconds().reduce((sum, seconds) => sum + seconds, 0)]],
  )
  metrics.observedGauge(
    {
      name: 'workqueue_longest_running_processor_seconds',
      help: 'How long the slowest worker has been at it.',
      labels,
    },
    () => [[own, Math.max(0, ...busySeconds())]],
  )
}

/** Also of priorities that nobody waits with: a series that vanishes looks like an operator that died. */
function depthsOf(queue: Queue): ReadonlyMap<number, number> {
  const none = Object.values(PRIORITY).map((priority) => [priority, 0] as const)
  return new Map([...none, ...queue.depths()])
}
