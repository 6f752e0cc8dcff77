import { conditionFrom, conditionsFor, type Condition } from '../../core/conditions.ts'
import { timestamp } from '../inventory.ts'
import type { ResourceReport, StatusInput, StatusReport } from '../kind.ts'
import { generationOf, hasFinalizer, lookWantedBy, statusOf, type CommonStatus, type ObjectStatus } from '../managed.ts'
import type { Reconciled } from '../outcome.ts'
import type { Pass } from '../pass.ts'
import { parseSpec } from '../spec.ts'
import { verdictOf } from '../verdict.ts'

/**
 * Turns an outcome into one status patch (skipped when nothing changed) and, for a new refusal or drift that is only
 * reported, one event.
 */
export async function report(pass: Pass, outcome: Reconciled): Promise<void> {
  const before = statusOf(pass.handle.current()).conditions ?? []
  await pass.handle.writeStatus((status) => statusAfter(pass, outcome, status))
  announce(pass, before)
}

/** Writes down once, for others to scale or edit, what AWS has in fields that the spec leaves open. */
export async function fillInSpec(pass: Pass, { goal, spec, findings }: Reconciled): Promise<void> {
  const { kind } = pass.deps
  if (kind.fillIn === undefined || goal === 'absent' || spec === undefined) return
  // As its owner wrote it: what is only ignored is not open.
  const written = parseSpec(kind, pass.handle.current().spec)
  const fields = written.type === 'valid' ? kind.fillIn(written.spec, reportsIn(findings)) : {}
  if (Object.keys(fields).length > 0) await pass.handle.patch({ spec: fields })
}

function reportsIn(findings: Reconciled['findings']): StatusInput<unknown, unknown>['report'] {
  return (name) => findings.get(name) as ResourceReport<never, never> | undefined
}

/** A paused object says so and nothing else: its spec was not looked at. */
export async function reportPaused(pass: Pass): Promise<void> {
  const message = 'Held by the annotation longshore.dev/paused; remove it to go on'
  await pass.handle.writeStatus((status) => {
    const generation = status.observedGeneration ?? 0
    const context = { previous: status.conditions ?? [], generation, now: timestamp(pass.deps.clock.now()) }
    return { ...status, conditions: conditionsFor({ type: 'paused', message }, context) }
  })
}

/** The status that `report` writes: unchanged when there is nothing new to say. */
export function statusAfter(pass: Pass, outcome: Reconciled, status: ObjectStatus): ObjectStatus {
  const generation = generationOf(pass.handle.current())
  const now = timestamp(pass.deps.clock.now())
  const context = { previous: status.conditions ?? [], generation, now }
  const own = kindReport(pass, outcome, status)
  const verdict = verdictOf(outcome)
  const conditions = conditionsFor(verdict, context)
  const { waitingFor: _, plan: __, ...kept } = status

  return {
    ...kept,
    ...own?.fields,
    ...commonStatus(pass, outcome, status),
    observedGeneration: generation,
    ...(verdict.type === 'ready' && { reconciledGeneration: generation }),
    ...handledRequest(pass),
    conditions: withAvailable(conditions, own, context),
  }
}

/** Enough for a person; `longshore plan` shows everything. */
const MAX_PLAN = 50

function commonStatus(pass: Pass, outcome: Reconciled, status: ObjectStatus): Partial<CommonStatus> {
  const { scope, inventory } = outcome
  const waitingFor = waitingForIn(pass, outcome, status)
  return {
    ...(scope && { accountId: scope.accountId, region: scope.region }),
    ...inventoryIn(pass, inventory),
    ...(waitingFor && { waitingFor }),
    ...(outcome.held.length > 0 && { plan: outcome.held.slice(0, MAX_PLAN) }),
  }
}

/** The pass began after the request was made: what was asked for is done. What it found stands in the conditions. */
function handledRequest({ requests }: Pass): Pick<CommonStatus, 'lastHandledReconcileAt'> {
  const wanted = lookWantedBy(requests)
  return wanted === undefined ? {} : { lastHandledReconcileAt: wanted }
}

/** A new object that was not worked on owns nothing, and status says so: a missing inventory would mean a lost one. */
function inventoryIn(pass: Pass, inventory: Reconciled['inventory']): Pick<CommonStatus, 'inventory'> {
  if (inventory !== undefined) return { inventory: [...inventory.values()] }
  return hasFinalizer(pass.object) ? {} : { inventory: [] }
}

function waitingForIn(pass: Pass, outcome: Reconciled, status: ObjectStatus): CommonStatus['waitingFor'] {
  const message = outcome.waits[0]?.message
  if (message === undefined) return undefined
  const since = status.waitingFor?.message === message ? status.waitingFor.since : timestamp(pass.deps.clock.now())
  return { message, since }
}

function kindReport(
  pass: Pass,
  { spec, findings, goal, waits }: Reconciled,
  status: ObjectStatus,
): StatusReport<object> | undefined {
  if (spec === undefined || goal === 'absent') return undefined
  const input: StatusInput<unknown, unknown> = {
    spec,
    owner: pass.owner,
    previous: status,
    now: pass.deps.clock.now(),
    waits,
    report: reportsIn(findings),
  }
  return pass.deps.kind.status(input)
}

function withAvailable(
  conditions: readonly Condition[],
  own: StatusReport<object> | undefined,
  context: Parameters<typeof conditionFrom>[1],
): readonly Condition[] {
  if (own?.available === undefined) return conditions
  const available = conditionFrom({ type: 'Available', ...own.available }, context)
  return [...conditions.filter(({ type }) => type !== 'Available'), available]
}

/** What a person has to know of and may not be looking for: told when it begins, and when it turns into something else. */
function announce({ deps, object, handle }: Pass, before: readonly Condition[]): void {
  const { conditions = [] } = statusOf(handle.current())
  const news = conditions.filter(({ type }) => type === 'Stalled' || type === 'Drifted')
  for (const { type, reason, message } of news) {
    const earlier = before.find((condition) => condition.type === type)
    if (earlier?.reason === reason && earlier.message === message) continue
    deps.events.record({ regarding: object, type: 'Warning', reason, action: 'Reconcile', note: message })
  }
}
