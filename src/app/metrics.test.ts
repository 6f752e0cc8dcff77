import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from './metrics.ts'

async function linesOf(metrics: ReturnType<typeof createMetrics>, prefix: string): Promise<string[]> {
  return (await metrics.scrape()).split('\n').filter((line) => line.startsWith(prefix))
}

test('counts, sets and observes under the labels it is given', async () => {
  const metrics = createMetrics()
  metrics.counter({ name: 'passes_total', help: 'Passes.', labels: ['result'] }).add({ result: 'success' })
  metrics.counter({ name: 'passes_total', help: 'Passes.', labels: ['result'] }).add({ result: 'success' }, 2)
  const gauge = metrics.gauge({ name: 'depth', help: 'Depth.', labels: ['name'] })
  gauge.set({ name: 'a' }, 3)
  gauge.set({ name: 'b' }, 4)
  gauge.remove({ name: 'b' })
  metrics.histogram({ name: 'took_seconds', help: 'Took.', labels: [], buckets: [1, 2] }).observe({}, 1.5)

  assert.deepEqual(await linesOf(metrics, 'passes_total'), ['passes_total{result="success"} 3'])
  assert.deepEqual(await linesOf(metrics, 'depth'), ['depth{name="a"} 3'])
  assert.deepEqual(await linesOf(metrics, 'took_seconds_bucket'), [
    'took_seconds_bucket{le="1"} 0',
    'took_seconds_bucket{le="2"} 1',
    'took_seconds_bucket{le="+Inf"} 1',
  ])
})

test('reads observed gauges when it is scraped, from everyone who gave a reader', async () => {
  const metrics = createMetrics()
  let age = 1
  const definition = { name: 'age', help: 'Age.', labels: ['of'] }
  metrics.observedGauge(definition, () => [[{ of: 'a' }, age]])
  metrics.observedGauge(definition, () => (age < 3 ? [[{ of: 'b' }, age * 10]] : []))

  age = 2
  assert.deepEqual(await linesOf(metrics, 'age'), ['age{of="a"} 2', 'age{of="b"} 20'])
  age = 3
  assert.deepEqual(await linesOf(metrics, 'age'), ['age{of="a"} 3'])
})

test('carries the figures of the process', async () => {
  assert.equal((await linesOf(createMetrics(), 'process_resident_memory_bytes')).length, 1)
})
