import type { Metrics } from '../../../src/core/ports.ts'

/** Metrics that nobody reads: a recorder would keep every sample of thousands of schedules. */
export const noMetrics: Metrics = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {}, remove: () => {} }),
  histogram: () => ({ observe: () => {} }),
  observedGauge: () => {},
}
