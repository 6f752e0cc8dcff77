/** A query of Prometheus and the legend of its lines. */
type Query = readonly [expr: string, legend: string]

interface Panel {
  readonly title: string
  readonly type: 'stat' | 'timeseries'
  /** Unit as Grafana names it. */
  readonly unit: string
  readonly queries: readonly Query[]
}

interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

const OURS = 'job="$job",namespace="$namespace"'
const RATE = '[$__rate_interval]'

function of(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[OURS, ...matchers].join(',')}}`
}

function rateBy(labels: string, metric: string, ...matchers: readonly string[]): string {
  return `sum by (${labels}) (rate(${of(metric, ...matchers)}${RATE}))`
}

function quantileBy(labels: string, quantile: number, histogram: string): string {
  return `histogram_quantile(${quantile}, ${rateBy(`${labels}, le`, `${histogram}_bucket`)})`
}

function stat(title: string, expr: string, unit = 'short'): Panel {
  return { title, type: 'stat', unit, queries: [[expr, '']] }
}

function graph(title: string, unit: string, ...queries: readonly Query[]): Panel {
  return { title, type: 'timeseries', unit, queries }
}

const ROWS: readonly Row[] = [
  {
    title: 'At a glance',
    panels: [
      stat('Operators', `count(${of('process_start_time_seconds')})`),
      stat('Leaders', `sum(${of('leader_election_master_status')})`),
      stat('Objects', `sum(max by (kind) (${of('longshore_objects')}))`),
      stat(
        'Ready',
        `sum(max by (kind) (${of('longshore_object_ready')})) / sum(max by (kind) (${of('longshore_objects')}))`,
        'percentunit',
      ),
      stat('Stalled', `sum(max by (kind) (${of('longshore_object_stalled')}))`),
      stat('Drifted', `sum(max by (kind) (${of('longshore_object_drifted')}))`),
    ],
  },
  {
    title: 'Objects',
    panels: [
      graph('Objects by kind', 'short', [`max by (kind) (${of('longshore_objects')})`, '{{kind}}']),
      graph('Not ready', 'short', [
        `max by (kind) (${of('longshore_objects')}) - max by (kind) (${of('longshore_object_ready')})`,
        '{{kind}}',
      ]),
      graph('Drift repaired', 'ops', [rateBy('kind', 'longshore_drift_repairs_total'), '{{kind}}']),
      graph('Glances for drift', 'ops', [
        rateBy('controller, result', 'longshore_sweep_objects_total'),
        '{{controller}} {{result}}',
      ]),
    ],
  },
  {
    title: 'Passes',
    panels: [
      graph('Passes', 'ops', [
        rateBy('controller, result', 'controller_runtime_reconcile_total'),
        '{{controller}} {{result}}',
      ]),
      graph(
        'Duration',
        's',
        [quantileBy('controller', 0.5, 'controller_runtime_reconcile_time_seconds'), '{{controller}} p50'],
        [quantileBy('controller', 0.99, 'controller_runtime_reconcile_time_seconds'), '{{controller}} p99'],
      ),
      graph('Errors', 'ops', [rateBy('controller', 'controller_runtime_reconcile_errors_total'), '{{controller}}']),
      graph('Waiting for a worker', 'short', [
        `sum by (name, priority) (${of('workqueue_depth')})`,
        '{{name}} priority {{priority}}',
      ]),
      graph('Time until a worker is free', 's', [
        quantileBy('name', 0.99, 'workqueue_queue_duration_seconds'),
        '{{name}} p99',
      ]),
      graph(
        'Workers',
        'short',
        [`sum by (controller) (${of('controller_runtime_active_workers')})`, '{{controller}} busy'],
        [`max by (controller) (${of('controller_runtime_max_concurrent_reconciles')})`, '{{controller}} of'],
      ),
    ],
  },
  {
    title: 'AWS',
    panels: [
      graph('Calls', 'ops', [rateBy('service, operation', 'longshore_aws_calls_total'), '{{service}}:{{operation}}']),
      graph('Calls that failed', 'ops', [
        rateBy('service, code', 'longshore_aws_calls_total', 'code!="ok"') + ' or vector(0)',
        '{{service}} {{code}}',
      ]),
      graph('Objects that wait for their turn', 'short', [
        `sum by (service, class, level) (${of('longshore_aws_pace_waiting')})`,
        '{{service}} {{class}} {{level}}',
      ]),
      graph('Time until their turn', 's', [
        quantileBy('service, urgency', 0.99, 'longshore_aws_pace_wait_seconds'),
        '{{service}} {{urgency}} p99',
      ]),
    ],
  },
  {
    title: 'Kubernetes',
    panels: [
      graph('Requests', 'reqps', [rateBy('method, code', 'rest_client_requests_total'), '{{method}} {{code}}']),
      graph('Time until an answer', 's', [
        quantileBy('verb', 0.99, 'rest_client_request_duration_seconds'),
        '{{verb}} p99',
      ]),
      graph('Age of the last news', 's', [
        `max by (resource) (${of('longshore_watch_last_event_age_seconds')})`,
        '{{resource}}',
      ]),
      graph('Watches begun', 'ops', [rateBy('resource', 'longshore_watch_connects_total'), '{{resource}}']),
    ],
  },
  {
    title: 'Process',
    panels: [
      graph(
        'Memory',
        'bytes',
        [of('process_resident_memory_bytes'), '{{pod}} resident'],
        [of('nodejs_heap_size_used_bytes'), '{{pod}} heap'],
      ),
      graph('CPU', 'percentunit', [`rate(${of('process_cpu_seconds_total')}${RATE})`, '{{pod}}']),
      graph('Event loop delay', 's', [
        of('longshore_event_loop_delay_seconds', 'quantile=~"0.99|1"'),
        '{{pod}} {{quantile}}',
      ]),
      graph('Leading', 'short', [of('leader_election_master_status'), '{{pod}}']),
    ],
  },
]

const WIDTH = 24
const ROW_HEIGHT = 1
const HEIGHTS = { stat: 4, timeseries: 8 } as const
const SCHEMA_VERSION = 39

/** The queries of all panels, as Grafana sends them but for its variables. */
export const QUERIES: readonly string[] = ROWS.flatMap(({ panels }) =>
  panels.flatMap(({ queries }) => queries.map(([expr]) => expr)),
)

/** The dashboard as Grafana imports it. */
export function dashboard(): object {
  return {
    title: 'longshore',
    uid: 'longshore',
    tags: ['longshore', 'aws'],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [dataSource(), variable('namespace', ''), variable('job', 'namespace="$namespace"')] },
    panels: placed(ROWS),
  }
}

function dataSource(): object {
  return { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }
}

/** Every operator exports how many objects there are, also one without a lease. */
function variable(label: string, matcher: string): object {
  const query = `label_values(longshore_objects{${matcher}}, ${label})`
  return { name: label, type: 'query', datasource: SOURCE, query, refresh: 2, sort: 1 }
}

const SOURCE = { type: 'prometheus', uid: '${datasource}' }

function placed(rows: readonly Row[]): readonly object[] {
  let y = 0
  let id = 0
  const next = (): number => (id += 1)
  return rows.flatMap(({ title, panels }) => {
    const head = { id: next(), type: 'row', title, gridPos: { x: 0, y, w: WIDTH, h: ROW_HEIGHT } }
    y += ROW_HEIGHT
    const height = HEIGHTS[panels[0]?.type ?? 'timeseries']
    const perLine = height === HEIGHTS.stat ? panels.length : 2
    const width = Math.floor(WIDTH / perLine)
    const body = panels.map((panel, index) => {
      const at = { x: (index % perLine) * width, y: y + Math.floor(index / perLine) * height }
      return drawn(panel, { id: next(), gridPos: { ...at, w: width, h: height } })
    })
    y += Math.ceil(panels.length / perLine) * height
    return [head, ...body]
  })
}

function drawn({ title, type, unit, queries }: Panel, place: object): object {
  const targets = queries.map(([expr, legendFormat], index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: SOURCE,
    expr,
    legendFormat,
  }))
  return { ...place, title, type, datasource: SOURCE, fieldConfig: { defaults: { unit }, overrides: [] }, targets }
}
