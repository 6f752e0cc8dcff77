import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { FaultEffect } from '../../src/simulator/faults.ts'
import { createPromtool } from '../../tools/charts/chart-tools.ts'
import { ALERTS } from '../../tools/generate/chart/alerts.ts'
import { QUERIES } from '../../tools/generate/chart/dashboard.ts'
import { at, ofKind, openCharts } from '../support/chart.ts'
import { type Recording, type Scrape, besides, parseScrape, record } from '../support/recorded-metrics.ts'
import { startReplicas } from '../support/replicas.ts'

const { admin, simulator, start, eventually } = await startReplicas(import.meta.url)
const charts = await openCharts()
const promtool = createPromtool()
const folder = await mkdtemp(join(tmpdir(), 'longshore-promtool-'))
after(() => rm(folder, { recursive: true }))

const NAMES = ['a', 'b', 'c', 'd']
const operator = await start('operator')
await operator.leadsSince()

const scrape = async (): Promise<Scrape> => parseScrape((await operator.ask('/metrics')).text)
const isReady = async (name: string): Promise<boolean> => {
  const { metadata, status } = await admin.read(name)
  const { observedGeneration, conditions } = (status ?? {}) as {
    readonly observedGeneration?: number
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
  const ready = conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
  return ready && observedGeneration === metadata.generation
}
const untilReady = () =>
  eventually('all to be ready', async () => (await Promise.all(NAMES.map((name) => isReady(name)))).every(Boolean))

/** Two scrapes with a minute's worth of good work between them. */
async function recordHealth(): Promise<readonly [Scrape, Scrape]> {
  await Promise.all(NAMES.map((name) => admin.create(name)))
  await untilReady()
  const first = await scrape()
  await Promise.all(NAMES.map((name) => admin.edit(name, true)))
  await untilReady()
  return [first, await scrape()]
}

const [first, healthy] = await recordHealth()

/** How many calls to AWS ended with such a code. */
function callsIn({ samples }: Scrape, code: RegExp): number {
  const calls = [...samples].filter(([series]) => series.startsWith('longshore_aws_calls_total{') && code.test(series))
  return calls.reduce((sum, [, count]) => sum + count, 0)
}

let scanOnPush = true

/** Makes every object need a write to AWS. */
async function editAll(): Promise<void> {
  scanOnPush = !scanOnPush
  await Promise.all(NAMES.map((name) => admin.edit(name, scanOnPush)))
}

/** Two scrapes with a time between them in which AWS treats every call to ECR so; all is well again afterwards. */
async function recordTrouble(effect: FaultEffect, code: RegExp): Promise<readonly [Scrape, Scrape]> {
  const calm = await scrape()
  await simulator.setFaults([{ service: 'ecr', effect }])
  await editAll()
  const trouble = await eventually(`calls that end with ${code.source}`, async () => {
    const now = await scrape()
    return callsIn(now, code) > callsIn(calm, code) && now
  })
  await simulator.setFaults([])
  await editAll()
  await untilReady()
  return [calm, trouble]
}

interface Expression {
  readonly expr: string
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[]
}

const rulesFile = join(folder, 'rules.yaml')
let files = 0

/** Runs promtool over a recording; throws what it says when an expression has another value. */
async function check(
  recording: Recording,
  expressions: readonly Expression[],
  rules: readonly string[] = [],
): Promise<void> {
  const series = [...recording].map(([name, values]) => ({ series: name, values }))
  const promql = expressions.map((expression) => ({ eval_time: '170m', ...expression }))
  const tests = [{ interval: '1m', input_series: series, promql_expr_test: promql }]
  const file = join(folder, `test-${(files += 1)}.json`)
  // promtool reads YAML, of which JSON is a part.
  await writeFile(file, JSON.stringify({ rule_files: rules, evaluation_interval: '1m', tests }))
  await promtool('test', 'rules', file).catch((error: { stdout?: string; stderr?: string }) => {
    throw new Error(`${error.stdout}\n${error.stderr}`)
  })
}

/** How many of these alerts fire at the end of the recording. */
const firing = (names: string, count: number): Expression => ({
  expr: `count(group by (alertname) (ALERTS{alertstate="firing",alertname=~"${names}"})) or vector(0)`,
  exp_samples: [{ labels: '{}', value: count }],
})

const replaced = (series: string, value: number | string) => ({ [series]: value })
const OURS = 'controller="ecrrepository"'

/** What was recorded while all was well, with one thing changed. */
const MADE_UP: readonly { readonly alert: string; readonly recording: () => Recording }[] = [
  { alert: 'LongshoreDown', recording: () => new Map<string, string>() },
  {
    alert: 'LongshoreNoLeader',
    recording: () => record(first, healthy, replaced('leader_election_master_status{name="longshore"}', 0)),
  },
  {
    alert: 'LongshoreSeveralLeaders',
    recording: () => besides(record(first, healthy), record(first, healthy)),
  },
  {
    alert: 'LongshoreWatchStale',
    recording: () =>
      record(first, healthy, replaced('longshore_watch_last_event_age_seconds{resource="ecrrepositories"}', 200)),
  },
  {
    alert: 'LongshoreObjectsStalled',
    recording: () => record(first, healthy, replaced('longshore_object_stalled{kind="EcrRepository"}', 1)),
  },
  {
    alert: 'LongshoreObjectsNotReady',
    recording: () => record(first, healthy, replaced('longshore_object_ready{kind="EcrRepository"}', 1)),
  },
  {
    alert: 'LongshoreObjectsDrifted',
    recording: () => record(first, healthy, replaced('longshore_object_drifted{kind="EcrRepository"}', 2)),
  },
  {
    alert: 'LongshoreErrors',
    recording: () =>
      record(first, healthy, {
        [`controller_runtime_reconcile_errors_total{${OURS}}`]: '0+6x180',
        [`controller_runtime_reconcile_total{${OURS},result="success"}`]: '0+1x180',
        [`controller_runtime_reconcile_total{${OURS},result="requeue_after"}`]: '0+1x180',
        [`controller_runtime_reconcile_total{${OURS},result="error"}`]: '0+6x180',
      }),
  },
  {
    alert: 'LongshoreBug',
    recording: () =>
      record(first, healthy, replaced(`controller_runtime_reconcile_panics_total{${OURS}}`, '0x150 1x30')),
  },
  {
    alert: 'LongshorePassesCut',
    recording: () =>
      record(first, healthy, replaced(`controller_runtime_reconcile_timeouts_total{${OURS}}`, '0x150 1x30')),
  },
  {
    alert: 'LongshoreBacklog',
    recording: () =>
      record(
        first,
        healthy,
        replaced('workqueue_depth{name="ecrrepository",controller="ecrrepository",priority="100"}', 500),
      ),
  },
  {
    alert: 'LongshoreApiServerFailing',
    recording: () => {
      const requests =
        [...healthy.samples.keys()].find((series) => series.startsWith('rest_client_requests_total{')) ?? ''
      return record(first, healthy, replaced(requests.replace(/code="\d+"/, 'code="503"'), '0+1000x180'))
    },
  },
  {
    alert: 'LongshoreLeaderChanges',
    recording: () =>
      record(first, healthy, replaced('leader_election_master_status{name="longshore"}', '1x150 0 1 0 1 0 1 0 1 1x30')),
  },
  {
    alert: 'LongshoreEventLoopStalls',
    recording: () => record(first, healthy, replaced('longshore_event_loop_delay_seconds{quantile="1"}', 3)),
  },
]

/** What AWS can do to us, and how its calls end then. */
const TROUBLES: readonly { readonly alert: string; readonly effect: FaultEffect; readonly code: RegExp }[] = [
  { alert: 'LongshoreAwsDenied', effect: { type: 'denied' }, code: /AccessDenied/ },
  {
    alert: 'LongshoreAwsCredentials',
    effect: { type: 'error', code: 'ExpiredTokenException' },
    code: /ExpiredToken/,
  },
  { alert: 'LongshoreAwsThrottled', effect: { type: 'throttle' }, code: /Throttl/ },
  { alert: 'LongshoreAwsFailing', effect: { type: 'unavailable' }, code: /ServiceUnavailable|ServerException/ },
  { alert: 'LongshoreAwsQuota', effect: { type: 'error', code: 'LimitExceededException' }, code: /LimitExceeded/ },
]

before(async () => {
  const rule = ofKind(await charts.render({ prometheusRule: { enabled: true } }), 'PrometheusRule')[0]
  await writeFile(rulesFile, JSON.stringify(rule?.spec))
})

describe('alerts', () => {
  test('are as Prometheus wants them', async () => {
    await promtool('check', 'rules', '--lint=all', '--lint-fatal', rulesFile)
  })

  test('are silent while all is well', async () => {
    await check(record(first, healthy), [firing('.+', 0)], [rulesFile])
  })

  for (const { alert, recording } of MADE_UP) {
    test(`${alert} fires, and nothing else does`, async () => {
      await check(recording(), [firing(alert, 1), firing('.+', 1)], [rulesFile])
    })
  }

  for (const { alert, effect, code } of TROUBLES) {
    test(`${alert} fires when AWS really does that, and no other of its kind does`, async () => {
      const [calm, trouble] = await recordTrouble(effect, code)

      // What follows from it may fire as well: objects are stalled, passes fail.
      const follows = record(calm, trouble)
      await check(follows, [firing(alert, 1), firing('LongshoreAws.+', 1), firing('LongshoreDown', 0)], [rulesFile])
    })
  }

  test('all have been seen to fire', () => {
    const seen = [...MADE_UP, ...TROUBLES].map(({ alert }) => alert)

    assert.deepEqual(seen.toSorted(), ALERTS.map(({ alert }) => alert).toSorted())
  })
})

describe('the dashboard', () => {
  test('asks for nothing that the operator does not export', async () => {
    const queries = QUERIES.map((query) =>
      query.replaceAll('$job', 'longshore').replaceAll('$namespace', 'longshore').replaceAll('$__rate_interval', '5m'),
    )

    // A query that finds no series has no value at all.
    const expressions = queries.map((query) => ({
      expr: `clamp_max(count(${query}), 1)`,
      exp_samples: [{ labels: '{}', value: 1 }],
    }))
    await check(record(first, healthy), expressions)
  })

  test('reaches Grafana as it is', async () => {
    const [configMap] = ofKind(await charts.render({ dashboard: { enabled: true } }), 'ConfigMap')
    const drawn: unknown = JSON.parse(String(Object.values(at(configMap, 'data') ?? {})[0]))

    const panels = at(drawn, 'panels') as readonly object[]
    const expressions = panels.flatMap((panel) => (at(panel, 'targets') ?? []) as readonly { expr: string }[])
    assert.deepEqual(
      expressions.map(({ expr }) => expr),
      QUERIES,
    )
  })
})
