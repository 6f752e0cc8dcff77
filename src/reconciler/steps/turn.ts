import { isDeepStrictEqual } from 'node:util'
import type { Step, Wait } from '../../core/plan.ts'
import { withEntries, withoutEntry, type Inventory } from '../inventory.ts'
import { generationOf } from '../managed.ts'
import type { Finding, Problem } from '../outcome.ts'
import type { Pass } from '../pass.ts'
import type { Scope } from '../resource.ts'
import { originOf, type Restraint } from '../restraint.ts'
import { targetKey, type Target } from '../target.ts'
import { afterCreates, applySteps, mayHaveHadEffect } from './apply.ts'
import { outdate, type Seen, type Survey } from './observe.ts'
import { readySteps } from './plan.ts'
import { entriesToRecord, entryFor, record, type Planned } from './record.ts'

/** What this pass did already, by the keys of its targets. */
export interface History {
  readonly seen: Seen
  readonly taken: Map<string, readonly Step[]>
  /** What was seen and then deleted: its absence is certain at once. */
  readonly deleted: Set<string>
}

/** What a turn has to know of its pass and its round. */
export interface TurnContext {
  readonly pass: Pass
  readonly scope: Scope
  readonly inventory: Inventory
  readonly history: History
  readonly survey: Survey
  readonly restraint: Restraint
}

/** What came of a target in one round. */
export interface Turn {
  readonly finding: Finding
  readonly inventory: Inventory
  readonly progressed: boolean
  readonly problems: readonly Problem[]
}

/** Does with one target what can be done now; nothing is sent to AWS that is not on record before. */
export async function takeTurn(context: TurnContext, target: Target, finding: Finding): Promise<Turn> {
  const { pass, scope, history } = context
  const { plan: planned } = finding
  if (planned === undefined) return unknownTurn(context, finding)

  const steps = readySteps(planned)
  if (steps.length === 0) return idleTurn(context, target, finding)

  const [toRecord] = plannedOf(context, target, finding)
  const inventory = toRecord === undefined ? context.inventory : await recordOnce(context, toRecord)
  // A cache may lag far behind where another process wrote last: an old spec must not undo what a newer one did.
  await pass.handle.confirm()
  const applied = await applySteps(pass, scope, target, steps)
  remember(history, target, applied.steps)
  if (mayHaveHadEffect(applied)) pass.attempts.wrote(generationOf(pass.object), pass.deps.clock.now())
  return {
    finding: { ...finding, outputs: { ...finding.outputs, ...applied.outputs } },
    inventory: afterCreates(pass, inventory, target, applied),
    progressed: applied.steps.length > 0,
    problems: applied.failure === undefined ? [] : [applied.failure.problem],
  }
}

function remember({ seen, taken, deleted }: History, target: Target, steps: readonly Step[]): void {
  const key = targetKey(target)
  outdate(seen, key, steps)
  taken.set(key, [...(taken.get(key) ?? []), ...steps])
  if (steps.some(({ effect }) => effect === 'delete')) deleted.add(key)
}

/** Steps that were held in the preview are not on record yet. */
async function recordOnce({ pass, scope, inventory }: TurnContext, planned: Planned): Promise<Inventory> {
  const recorded = inventory.get(targetKey(planned.target))
  const isRecorded = recorded !== planned.target.entry && isDeepStrictEqual(recorded?.memo, planned.plan.memo)
  if (isRecorded) return inventory
  const entries = entriesToRecord([planned], inventory, pass.deps.clock.now())
  return record(pass, scope, { inventory, entries })
}

function unknownTurn({ inventory }: TurnContext, finding: Finding): Turn {
  const { observation } = finding
  return { finding, inventory, progressed: false, problems: observation.type === 'unknown' ? [observation] : [] }
}

/** Nothing to do now: what is wanted goes on record, what has left is released. */
function idleTurn(context: TurnContext, target: Target, finding: Finding): Turn {
  if (target.type === 'retired') return releaseTurn(context, target, finding)
  const { inventory, pass } = context
  const exists = finding.observation.type === 'known' && finding.observation.items.length > 0
  const known = target.entry !== undefined || exists
  const [planned] = plannedOf(context, target, finding)
  if (!known || planned === undefined) return { finding, inventory, progressed: false, problems: [] }
  const entry = entryFor(planned, pass.deps.clock.now())
  return { finding, inventory: withEntries(inventory, [entry]), progressed: false, problems: [] }
}

function releaseTurn(context: TurnContext, target: Target, finding: Finding): Turn {
  const { inventory, history, survey } = context
  const idle = { finding, inventory, progressed: false, problems: [] }
  if (finding.held.length > 0) return idle
  if (finding.plan === undefined || finding.plan.waits.length > 0 || finding.plan.blocks.length > 0) return idle

  // What is somebody else's by now, or was when reads still showed it, may yet be followed by what we tried to make.
  if (!history.deleted.has(targetKey(target)) && survey.isSettling(target)) {
    return { ...idle, finding: withWait(finding, settlingWait) }
  }
  const rest = withoutEntry(inventory, targetKey(target))
  const others = new Set([...rest.values()].map(({ name }) => name))
  // What it depended on may go now: look again.
  return { ...idle, inventory: rest, progressed: target.dependsOn.some((name) => others.has(name)) }
}

const settlingWait: Wait = {
  reason: 'Settling',
  message: 'AWS may not show yet what was created a moment ago; it is looked for again before the object goes',
  pollSeconds: 2,
}

function withWait(finding: Finding, wait: Wait): Finding {
  if (finding.plan === undefined) return finding
  return { ...finding, plan: { ...finding.plan, waits: [...finding.plan.waits, wait] } }
}

export function plannedOf(
  { restraint }: Pick<TurnContext, 'restraint'>,
  target: Target,
  finding: Finding,
): readonly Planned[] {
  if (finding.plan === undefined) return []
  const origin = originOf(target, finding, restraint)
  // What was not done must not be remembered as done.
  const memo = finding.held.length > 0 && target.entry !== undefined ? target.entry.memo : finding.plan.memo
  return [{ target, plan: { ...finding.plan, memo }, origin }]
}
