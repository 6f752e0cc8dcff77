/** A point in time: milliseconds since the Unix epoch. */
export type Instant = number

/** Stops something that was started. Calling it twice is harmless. */
export type Cancel = () => void

/** The only source of time. Implemented by `runtime/clock.ts` and, in tests, by a clock wound by hand. */
export interface Clock {
  now(): Instant
  /** Resolves after `seconds`; rejects with the signal's reason as soon as the signal fires. */
  sleep(seconds: number, signal: AbortSignal): Promise<void>
  /** Calls `run` once after `seconds`, unless cancelled before. */
  schedule(seconds: number, run: () => void): Cancel
}

/** The only source of chance. */
export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number
  /** A fresh RFC 4122 version 4 UUID. */
  uuid(): string
}

export type LogFields = Readonly<Record<string, unknown>>

/** Structured log: constant message, data in fields. Never give it a secret or a whole object. */
export interface Logger {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  child(fields: LogFields): Logger
}

export type Labels = Readonly<Record<string, string>>

export interface Counter {
  add(labels: Labels, value?: number): void
}
export interface Gauge {
  set(labels: Labels, value: number): void
  remove(labels: Labels): void
}
export interface Histogram {
  observe(labels: Labels, value: number): void
}

export interface MetricDefinition {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
}

/** A registry of metrics. Asking twice for the same name gives the same metric. */
export interface Metrics {
  counter(definition: MetricDefinition): Counter
  gauge(definition: MetricDefinition): Gauge
  histogram(definition: MetricDefinition & { readonly buckets: readonly number[] }): Histogram
  /** A gauge that is read at scrape time. */
  observedGauge(definition: MetricDefinition, read: () => Iterable<readonly [Labels, number]>): void
}
