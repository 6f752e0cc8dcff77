import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Metrics } from '../core/ports.ts'

const QUANTILES = [0.5, 0.9, 0.99, 1] as const

/**
 * Exports how late the event loop runs, per quantile since the last scrape (1: the longest stall). Stalls of seconds
 * endanger the lease.
 */
export function measureEventLoop(metrics: Metrics): void {
  const delays = monitorEventLoopDelay({ resolution: 10 })
  delays.enable()
  metrics.observedGauge(
    {
      name: 'longshore_event_loop_delay_seconds',
      help: 'How late the event loop ran since the last scrape; quantile 1 is the longest stall.',
      labels: ['quantile'],
    },
    () => {
      const samples = QUANTILES.map((q) => [{ quantile: String(q) }, delays.percentile(q * 100) / 1e9] as const)
      delays.reset()
      return samples
    },
  )
}
