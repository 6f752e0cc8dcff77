import type { Owner } from '../core/owner.ts'
import type { Clock, Histogram, Labels, Metrics } from '../core/ports.ts'
import { OpenBucket, SharedBucket, type Bucket, type Rate } from './pace/bucket.ts'
import type { Claimant, Sharing } from './pace/claimant.ts'
import { Line } from './pace/line.ts'
import { Places } from './pace/places.ts'
import type { Urgency } from './pace/turn-order.ts'
import { throttlingClassOf } from './throttling-classes.ts'

export type { Claimant, Sharing } from './pace/claimant.ts'
export { URGENCIES, type Urgency } from './pace/turn-order.ts'

/** Keeps the calls to one AWS account and region within the rates that AWS publishes, or a share of them. */
export interface Pace {
  /**
   * Resolves when the call may go out. Errors: `Failure` with code `paced` and the time to come back, when it would have to
   * wait longer than the patience of whom it serves; `aborted`.
   */
  admit(call: AwsOperation, sharing: Sharing | undefined, signal: AbortSignal): Promise<Admission>
  /**
   * Hears of those who were refused and whose turn has come in one of the lines in which they wait: tokens are kept for
   * them for half a minute. They are told in groups, twice a second, so that they share calls again.
   */
  onTurn(listener: (owner: Owner, urgency: Urgency) => void): void
}

export interface AwsOperation {
  /** IAM prefix: `ecs`. */
  readonly service: string
  readonly operation: string
}

export interface Admission {
  /** AWS throttled the call all the same. Answers the seconds until the claimant's next turn. */
  throttled(): number
}

export interface PaceOptions {
  readonly clock: Clock
  readonly metrics: Metrics
  /** Part of AWS's rates to use, above 0 to 1: other tools in the account draw from the same buckets. */
  readonly share: number
}

/** What changes nothing in AWS; no throttling class has reads and writes. */
export function isRead(operation: string): boolean {
  return /^(Describe|List|Get|BatchGet|Lookup)/.test(operation)
}

/** A worker waits no longer: after a blink it takes up another object. */
const BLINK_SECONDS = 0.3
const SWEEP_PATIENCE_SECONDS = 120
/** Who has no place to come back to waits as long as a call may take. */
const NOBODYS_PATIENCE_SECONDS = 30

/** An object that makes calls, for the length of one pass. */
export function claimantFor(owner: Owner, urgency: Urgency): Claimant {
  const { kind, namespace, name } = owner
  return { key: `${kind} ${namespace}/${name}`, namespace, urgency, owner, patienceSeconds: BLINK_SECONDS }
}

/** A sweep over the objects of one kind, which has time. */
export function sweepClaimant(kind: string): Claimant {
  const key = `sweep ${kind}`
  return { key, namespace: '', urgency: 'sweep', owner: undefined, patienceSeconds: SWEEP_PATIENCE_SECONDS }
}

export function createPace({ clock, metrics, share }: PaceOptions): Pace {
  const lines = new Map<string, OpenedLine>()
  const listeners: ((owner: Owner, urgency: Urgency) => void)[] = []
  const places = new Places()
  const waits = waitsHistogram(metrics)
  observeLines(metrics, lines)
  let nobodies = 0

  const onTurn = inGroups(clock, ({ owner, urgency }) => {
    if (owner !== undefined) for (const listener of listeners) listener(owner, urgency)
  })
  const openLine = (labels: LineLabels, bucket: Bucket, isForWrites: boolean): Line => {
    const onAdmitted = ({ urgency }: Claimant, seconds: number): void => waits.observe({ ...labels, urgency }, seconds)
    return new Line({ clock, bucket, places, isForWrites, onTurn, onAdmitted })
  }
  const lineFor = ({ service, operation }: AwsOperation): Line => {
    const published = throttlingClassOf(service, operation)
    const labels = { service, class: published?.name ?? operation }
    const name = `${service} ${labels.class}`
    const known = lines.get(name)?.line
    if (known !== undefined) return known
    const bucket = published ? shareOf(published, share, clock) : new OpenBucket()
    const line = openLine(labels, bucket, !isRead(operation))
    lines.set(name, { labels, line })
    return line
  }
  const nobody = (): Claimant => ({
    key: `nobody ${(nobodies += 1)}`,
    namespace: '',
    urgency: 'change',
    owner: undefined,
    patienceSeconds: NOBODYS_PATIENCE_SECONDS,
  })

  return {
    admit: async (call, sharing = { claimants: [nobody()], most: 1 }, signal) => {
      const line = lineFor(call)
      await line.admit(sharing, `${call.service}:${call.operation}`, signal)
      return { throttled: () => line.throttled(sharing) }
    },
    onTurn: (listener) => void listeners.push(listener),
  }
}

const GROUP_SECONDS = 0.5

/** Calls `tell` for all that came within half a second, one after the other. */
function inGroups(clock: Clock, tell: (claimant: Claimant) => void): (claimant: Claimant) => void {
  let group: Claimant[] = []
  return (claimant) => {
    if (group.push(claimant) > 1) return
    clock.schedule(GROUP_SECONDS, () => {
      const called = group
      group = []
      for (const each of called) tell(each)
    })
  }
}

type LineLabels = Readonly<Record<'service' | 'class', string>>

interface OpenedLine {
  readonly labels: LineLabels
  readonly line: Line
}

/** Calls may reach AWS so much closer together than they left here. */
const JITTER_SECONDS = 0.1

/** Our part of a published bucket, without what jitter may take. */
function shareOf({ burst, perSecond }: Rate, share: number, clock: Clock): Bucket {
  const own = { burst: burst * share, perSecond: perSecond * share }
  const slack = 1 + own.perSecond * JITTER_SECONDS
  return new SharedBucket({ ...own, burst: Math.max(1, Math.floor(own.burst - slack)) }, clock.now())
}

const WAIT_BUCKETS_SECONDS = [0.001, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000]

function waitsHistogram(metrics: Metrics): Histogram {
  return metrics.histogram({
    name: 'longshore_aws_pace_wait_seconds',
    help: 'How long calls to AWS waited for their turn, by throttling class (the operation, where AWS publishes none).',
    labels: ['service', 'class', 'urgency'],
    buckets: WAIT_BUCKETS_SECONDS,
  })
}

function observeLines(metrics: Metrics, lines: ReadonlyMap<string, OpenedLine>): void {
  const labels = ['service', 'class']
  metrics.observedGauge(
    {
      name: 'longshore_aws_pace_waiting',
      help: 'Objects and sweeps that wait for their turn to call AWS.',
      labels: [...labels, 'level'],
    },
    () => [...lines.values()].flatMap(({ labels: own, line }) => waitingIn(own, line)),
  )
  metrics.observedGauge(
    {
      name: 'longshore_aws_pace_calls_per_second',
      help: 'Calls that may go out a second at the moment: our share, or less where AWS throttled. +Inf: not limited.',
      labels,
    },
    () => [...lines.values()].map(({ labels: own, line }) => [own, line.perSecond()]),
  )
}

function waitingIn(labels: LineLabels, line: Line): readonly (readonly [Labels, number])[] {
  return line.waiting().map(([level, count]) => [{ ...labels, level }, count])
}
