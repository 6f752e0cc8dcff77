import { awsCodesMeaning } from '../../../src/aws/errors.ts'
import type { FailureCode } from '../../../src/core/failure.ts'

/** An alerting rule of Prometheus. */
export interface Alert {
  readonly alert: string
  readonly expr: string
  /** How long it has to be true. */
  readonly for: string
  readonly severity: 'critical' | 'warning' | 'info'
  /** A sentence; `{{ $labels.x }}` and `{{ $value }}` are Prometheus's. */
  readonly summary: string
  /** What it means and what to do first. */
  readonly description: string
}

/** Labels that the chart's monitors give every series; the chart fills in what stands between the underscores. */
const OURS = 'job="__job__",namespace="__namespace__"'

/** Each metric of ours with its selector: those of controller-runtime exist for other operators, too. */
function series(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[OURS, ...matchers].join(',')}}`
}

function codes(...meanings: readonly FailureCode[]): string {
  return `code=~"${meanings.flatMap(awsCodesMeaning).join('|')}"`
}

const CALLS = 'longshore_aws_calls_total'

/** The share of AWS calls, by service, that ended with one of the codes. */
function shareOfCalls(...meanings: readonly FailureCode[]): string {
  const rate = (...matchers: readonly string[]) => `sum by (service) (rate(${series(CALLS, ...matchers)}[10m]))`
  return `${rate(codes(...meanings))} / ${rate()}`
}

function callsWith(meaning: FailureCode): string {
  return `sum by (service, operation) (increase(${series(CALLS, codes(meaning))}[15m])) > 0`
}

/** Every alert of the chart, the gravest first. docs/operations.md has a chapter for each. */
export const ALERTS: readonly Alert[] = [
  {
    alert: 'LongshoreDown',
    expr: `absent(${series('up')} == 1)`,
    for: '5m',
    severity: 'critical',
    summary: 'No operator answers.',
    description: 'AWS keeps running what it runs, but no change is made, no drift repaired and no deletion finished.',
  },
  {
    alert: 'LongshoreNoLeader',
    expr: `sum(${series('leader_election_master_status')}) == 0`,
    for: '5m',
    severity: 'critical',
    summary: 'Operators run, but none of them leads.',
    description: 'Nothing is reconciled. Look at the lease and at the log: does the API server refuse to renew it?',
  },
  {
    alert: 'LongshoreSeveralLeaders',
    expr: `sum by (name) (${series('leader_election_master_status')}) > 1`,
    for: '2m',
    severity: 'critical',
    summary: 'Several operators lead at the same time.',
    description: 'Two may write to the same AWS objects. Scale to one replica and look at the clocks and the lease.',
  },
  {
    alert: 'LongshoreAwsCredentials',
    expr: callsWith('credentials'),
    for: '5m',
    severity: 'critical',
    summary: 'AWS does not accept the credentials ({{ $labels.service }}:{{ $labels.operation }}).',
    description: 'They are missing, expired or wrong. Nothing is forgotten meanwhile, and nothing done.',
  },
  {
    alert: 'LongshoreWatchStale',
    expr: `max by (resource) (${series('longshore_watch_last_event_age_seconds')}) > 180`,
    for: '5m',
    severity: 'critical',
    summary: 'The operator has no news of {{ $labels.resource }}.',
    description: 'It does not see what users change. The pod is not ready; look at the API server and the network.',
  },
  {
    alert: 'LongshoreAwsDenied',
    expr: callsWith('denied'),
    for: '10m',
    severity: 'warning',
    summary: 'AWS refuses {{ $labels.service }}:{{ $labels.operation }}.',
    description: "The role lacks a permission: compare it with the chart's files/iam-policy.json.",
  },
  {
    alert: 'LongshoreAwsQuota',
    expr: callsWith('limit-exceeded'),
    for: '15m',
    severity: 'warning',
    summary: 'A quota of AWS is used up ({{ $labels.service }}:{{ $labels.operation }}).',
    description: 'The objects concerned are Stalled with reason LimitExceeded; have the quota raised.',
  },
  {
    alert: 'LongshoreAwsThrottled',
    expr: `${shareOfCalls('throttled')} > 0.05`,
    for: '15m',
    severity: 'warning',
    summary: 'AWS throttles {{ $value | humanizePercentage }} of the calls to {{ $labels.service }}.',
    description: 'Others in the account use the same rates. Lower awsRateShare, or find who it is.',
  },
  {
    alert: 'LongshoreAwsFailing',
    expr: `${shareOfCalls('unavailable', 'timeout')} > 0.2`,
    for: '10m',
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of the calls to {{ $labels.service }} fail.',
    description: 'AWS has a bad day, or cannot be reached from here. The operator goes on by itself afterwards.',
  },
  {
    alert: 'LongshoreObjectsStalled',
    expr: `max by (kind) (${series('longshore_object_stalled')}) > 0`,
    for: '30m',
    severity: 'warning',
    summary: '{{ $value }} objects of kind {{ $labels.kind }} are stalled.',
    description: 'No retry helps: a person has to act. The condition Stalled of each says what and why.',
  },
  {
    alert: 'LongshoreObjectsNotReady',
    expr: `1 - max by (kind) (${series('longshore_object_ready')}) / (max by (kind) (${series('longshore_objects')}) >= 4) > 0.5`,
    for: '1h',
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of the objects of kind {{ $labels.kind }} are not ready.',
    description: 'More than a rollout here and there: look at the reasons of their Ready conditions.',
  },
  {
    alert: 'LongshoreErrors',
    expr:
      `sum by (controller) (rate(${series('controller_runtime_reconcile_errors_total')}[10m])) / ` +
      `sum by (controller) (rate(${series('controller_runtime_reconcile_total')}[10m])) > 0.5`,
    for: '15m',
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of the passes of {{ $labels.controller }} fail.',
    description: 'The objects say why in their conditions, the log says more.',
  },
  {
    alert: 'LongshoreBug',
    expr: `sum by (controller) (increase(${series('controller_runtime_reconcile_panics_total')}[1h])) > 0`,
    for: '0m',
    severity: 'warning',
    summary: 'A pass of {{ $labels.controller }} ended in an exception.',
    description: 'A bug of ours: it is logged with its stack and the pass repeated. Please report it.',
  },
  {
    alert: 'LongshorePassesCut',
    expr: `sum by (controller) (increase(${series('controller_runtime_reconcile_timeouts_total')}[1h])) > 0`,
    for: '0m',
    severity: 'warning',
    summary: 'A pass of {{ $labels.controller }} took more than two minutes and was cut.',
    description: 'It is repeated. AWS or the API server answers far too slowly, or something hangs.',
  },
  {
    alert: 'LongshoreBacklog',
    expr: `sum by (name) (${series('workqueue_depth', 'priority=~"100|150"')}) > 100`,
    for: '15m',
    severity: 'warning',
    summary: '{{ $value }} changed objects of {{ $labels.name }} wait for a worker.',
    description: 'Users wait. Raise workers, or find what makes the passes slow.',
  },
  {
    alert: 'LongshoreApiServerFailing',
    expr:
      `sum(rate(${series('rest_client_requests_total', 'code=~"5..|429|<error>"')}[10m])) / ` +
      `sum(rate(${series('rest_client_requests_total')}[10m])) > 0.2`,
    for: '10m',
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of the requests to the API server fail.',
    description: 'The operator repeats them and catches up by itself; the API server needs a look.',
  },
  {
    alert: 'LongshoreLeaderChanges',
    expr: `sum(changes(${series('leader_election_master_status')}[1h])) > 6`,
    for: '0m',
    severity: 'warning',
    summary: 'The leader changed again and again within an hour.',
    description: 'Pods are evicted or restarted, or the lease cannot be renewed in time: CPU, API server, network.',
  },
  {
    alert: 'LongshoreEventLoopStalls',
    expr: `max(${series('longshore_event_loop_delay_seconds', 'quantile="1"')}) > 2`,
    for: '5m',
    severity: 'warning',
    summary: 'The operator stands still for {{ $value | humanizeDuration }} at a time.',
    description: 'Stalls of ten seconds cost the lease. Give it more CPU or memory.',
  },
  {
    alert: 'LongshoreObjectsDrifted',
    expr: `max by (kind) (${series('longshore_object_drifted')}) > 0`,
    for: '1h',
    severity: 'info',
    summary: '{{ $value }} objects of kind {{ $labels.kind }} differ from AWS, which is only to be reported.',
    description: 'Somebody changed AWS by hand. status.plan of each shows what the operator would do.',
  },
]
