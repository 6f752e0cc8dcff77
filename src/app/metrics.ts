import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { MetricDefinition, Metrics } from '../core/ports.ts'

/** Metrics with the text that Prometheus scrapes. */
export interface ScrapedMetrics extends Metrics {
  readonly contentType: string
  scrape(): Promise<string>
}

/** A registry of its own, with `process_*` and `nodejs_*` in it. */
export function createMetrics(): ScrapedMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return { contentType: registry.contentType, scrape: () => registry.metrics(), ...metricsIn(registry) }
}

function metricsIn(registry: Registry): Metrics {
  // Asking twice for a name gives the same metric, and a second definition of it would be a bug that hides itself.
  const counter = memoised(({ name, help, labels }: MetricDefinition) => {
    const metric = new Counter({ name, help, labelNames: labels, registers: [registry] })
    return { add: (values: Record<string, string>, value = 1) => metric.inc(values, value) }
  })
  const gauge = memoised(({ name, help, labels }: MetricDefinition) => {
    const metric = new Gauge({ name, help, labelNames: labels, registers: [registry] })
    return {
      set: (values: Record<string, string>, value: number) => metric.set(values, value),
      remove: (values: Record<string, string>) => metric.remove(values),
    }
  })
  const histogram = memoised(({ name, help, labels, buckets }: MetricDefinition & { buckets: readonly number[] }) => {
    const metric = new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers: [registry] })
    return { observe: (values: Record<string, string>, value: number) => metric.observe(values, value) }
  })

  return { counter, gauge, histogram, observedGauge: createObservedGauge(registry) }
}

function createObservedGauge(registry: Registry): Metrics['observedGauge'] {
  const readers = new Map<string, Parameters<Metrics['observedGauge']>[1][]>()

  return ({ name, help, labels }, read) => {
    const known = readers.get(name)
    if (known !== undefined) {
      known.push(read)
      return
    }
    const all = [read]
    readers.set(name, all)
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect() {
        this.reset()
        for (const [values, value] of all.flatMap((each) => [...each()])) this.set({ ...values }, value)
      },
    })
  }
}

function memoised<D extends MetricDefinition, M>(create: (definition: D) => M): (definition: D) => M {
  const made = new Map<string, M>()
  return (definition) => {
    const metric = made.get(definition.name) ?? create(definition)
    made.set(definition.name, metric)
    return metric
  }
}
