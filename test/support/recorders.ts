import type { Labels, LogFields, Logger, Metrics } from '../../src/core/ports.ts'

export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: LogFields
}

/** A log that keeps what it is told. */
export function createLogRecorder(): { readonly log: Logger; readonly entries: readonly LogEntry[] } {
  const entries: LogEntry[] = []

  function logWith(inherited: LogFields): Logger {
    const at = (level: LogEntry['level']) => (fields: LogFields, message: string) => {
      entries.push({ level, message, fields: { ...inherited, ...fields } })
    }
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => logWith({ ...inherited, ...fields }),
    }
  }

  return { log: logWith({}), entries }
}

/** Metrics that can be asked for their values: counters and histograms answer the sum. */
export interface MetricsRecorder extends Metrics {
  /** The value of the metric with at least these labels, summed up. */
  value(name: string, labels?: Labels): number
}

export function createMetricsRecorder(): MetricsRecorder {
  const samples: { readonly name: string; readonly labels: Labels; readonly value: number }[] = []
  const readers: { readonly name: string; readonly read: () => Iterable<readonly [Labels, number]> }[] = []

  function forget(name: string, labels: Labels): void {
    const place = samples.findIndex((sample) => sample.name === name && includes(sample.labels, labels))
    if (place !== -1) samples.splice(place, 1)
  }

  const append = (name: string) => (labels: Labels, value: number) => void samples.push({ name, labels, value })
  return {
    counter: ({ name }) => ({ add: (labels, value = 1) => append(name)(labels, value) }),
    gauge: ({ name }) => ({
      set: (labels, value) => {
        forget(name, labels)
        append(name)(labels, value)
      },
      remove: (labels) => forget(name, labels),
    }),
    histogram: ({ name }) => ({ observe: append(name) }),
    observedGauge: ({ name }, read) => void readers.push({ name, read }),
    value: (name, labels = {}) => {
      const observed = readers.flatMap((each) =>
        [...each.read()].map(([l, value]) => ({ name: each.name, labels: l, value })),
      )
      return [...samples, ...observed]
        .filter((sample) => sample.name === name && includes(sample.labels, labels))
        .reduce((sum, { value }) => sum + value, 0)
    },
  }
}

function includes(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value)
}
