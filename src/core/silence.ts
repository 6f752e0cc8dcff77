import type { Logger, Metrics } from './ports.ts'

/** A logger for those who tell what they do in another way. */
export const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
}

/** Metrics that nobody scrapes. */
export const uncounted: Metrics = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {}, remove: () => {} }),
  histogram: () => ({ observe: () => {} }),
  observedGauge: () => {},
}
