import { isDeepStrictEqual } from 'node:util'
import { PRIORITY } from '../../runtime/reconcile.ts'
import type { Output } from '../../core/output.ts'
import type { Block, Step, Wait } from '../../core/plan.ts'
import type { Composed } from '../composed.ts'
import { isSettling, withEntries, withoutEntry, type Inventory } from '../inventory.ts'
import type { Finding, Problem, Reconciled } from '../outcome.ts'
import type { Pass } from '../pass.ts'
import { isLookWanted, statusOf, type HeldStep } from '../managed.ts'
import type { Scope } from '../resource.ts'
import { isAdoptionPending, originOf, restrained, restraintOf, type Restraint } from '../restraint.ts'
import {
  retiredTargets,
  targetKey,
  wantedTargets,
  type RemovalOptions,
  type Target,
  type WantedTarget,
} from '../target.ts'
import { afterCreates, applySteps } from './apply.ts'
import { observe, type Seen, type Survey } from './observe.ts'
import { planTarget, readySteps, withoutTakenSteps } from './plan.ts'
import { entriesToRecord, entryFor, record, type Planned } from './record.ts'

/** More rounds than any plan needs; a plan that never comes to rest goes on in the next pass. */
const MAX_ROUNDS = 6

export interface ConvergeInput {
  readonly pass: Pass
  readonly scope: Scope
  /** What is wanted; empty when the object is being deleted. */
  readonly items: readonly Composed[]
  readonly removal: RemovalOptions
  readonly inventory: Inventory
}

export type Result = Pick<
  Reconciled,
  'waits' | 'blocks' | 'problems' | 'unfinished' | 'findings' | 'restraint' | 'held'
> & {
  readonly inventory: Inventory
}

/** What one round did and found. */
interface Round extends Result {
  /** Whether something was written, so that the world has to be looked at again. */
  readonly progressed: boolean
}

/**
 * Observe, preview, record, apply; again until nothing is left to do now.
 *
 * Guarantees: nothing is written to AWS that is not on record; nothing is planned for what is not certainly known; what
 * is not wanted any more leaves after everything that depends on it.
 */
export async function converge(input: ConvergeInput): Promise<Result> {
  let inventory = input.inventory
  const history: History = { seen: new Map(), taken: new Map(), deleted: new Set() }
  for (let number = 1; ; number++) {
    const round = await runRound({ ...input, inventory }, history)
    if (!round.progressed || round.problems.length > 0) return { ...round, unfinished: false }
    if (number === MAX_ROUNDS) return { ...round, unfinished: true }
    inventory = round.inventory
  }
}

/** What this pass did already, by the keys of its targets. */
interface History {
  readonly seen: Seen
  readonly taken: Map<string, readonly Step[]>
  /** What was seen and then deleted: its absence is certain at once. */
  readonly deleted: Set<string>
}

interface Scene extends ConvergeInput {
  readonly targets: readonly Target[]
  readonly survey: Survey
  readonly history: History
}

interface RoundContext extends Scene {
  /** What there is to do with every target, before anything is done: an upper bound of what this round will do. */
  readonly preview: Previewed
  readonly restraint: Restraint
}

async function runRound(input: ConvergeInput, history: History): Promise<Round> {
  const { pass, scope, items, removal, inventory } = input
  const wanted = withCare(pass, wantedTargets({ kind: pass.deps.kind, owner: pass.owner }, items, inventory))
  const retired = retiredTargets({ kind: pass.deps.kind, owner: pass.owner, removal }, inventory, wanted)
  const targets = [...wanted, ...retired]
  const survey = await observe(pass, scope, targets, history.seen)
  const scene = { ...input, targets, survey, history }
  const preview = previewRound(scene)
  const context = { ...scene, preview, restraint: restraintIn(pass, preview) }

  const entries = entriesToRecord(plannedIn(context), inventory, pass.deps.clock.now())
  const recorded = await record(pass, scope, { inventory, entries })

  return applyRound({ ...context, inventory: recorded })
}

/**
 * A user's edit has to show soon, and a status that was lost has to be back soon: what only tells him more can come with
 * the next look for drift, or when he asks.
 */
function withCare({ object, priority }: Pass, targets: readonly WantedTarget[]): readonly WantedTarget[] {
  const isTold = statusOf(object).observedGeneration !== undefined
  const isUnhurried = isTold && priority >= PRIORITY.drift && priority < PRIORITY.userChange
  if (!isUnhurried && !isLookWanted(object)) return targets
  return targets.map((target) => ({ ...target, identity: { ...target.identity, thorough: true } }))
}

/** Only the whole preview shows whether an adoption would change something. */
function restraintIn(pass: Pass, preview: Previewed): Restraint {
  const restraint = restraintOf(pass)
  return restraint !== 'observe' && isAdoptionPending(pass.requests, preview) ? 'adopt' : restraint
}

type Previewed = readonly (readonly [Target, Finding])[]

function plannedIn({ preview, restraint }: RoundContext): readonly Planned[] {
  return preview.flatMap(([target, finding]) => plannedOf({ restraint }, target, restrained(finding, restraint)))
}

export function plannedOf(
  { restraint }: Pick<RoundContext, 'restraint'>,
  target: Target,
  finding: Finding,
): readonly Planned[] {
  if (finding.plan === undefined) return []
  const origin = originOf(target, finding, restraint)
  // What was not done must not be remembered as done.
  const memo = finding.held.length > 0 && target.entry !== undefined ? target.entry.memo : finding.plan.memo
  return [{ target, plan: { ...finding.plan, memo }, origin }]
}

/** Plans everything with the outputs that are known already. */
function previewRound(scene: Scene): Previewed {
  const known = new Map<string, string>()
  return scene.targets.map((target) => {
    const finding = plan(scene, target, known)
    learn(known, target, finding.outputs)
    return [target, finding]
  })
}

function plan({ pass, survey, history }: Scene, target: Target, known: ReadonlyMap<string, string>): Finding {
  const { clock, settings } = pass.deps
  const outputs = ({ resource, output }: Output): string | undefined => known.get(`${resource}.${output}`)
  const { settleSeconds } = settings
  const context = { survey, outputs, requests: pass.requests, now: clock.now(), settleSeconds }
  return withoutTakenSteps(planTarget(target, context), history.taken.get(targetKey(target)) ?? [])
}

export function learn(known: Map<string, string>, target: Target, outputs: Finding['outputs']): void {
  if (target.type === 'retired') return
  for (const [name, value] of Object.entries(outputs)) {
    if (value !== undefined) known.set(`${target.identity.name}.${name}`, value)
  }
}

/**
 * Once something was done, plans each target again just before its steps are taken, with the outputs that the ones before
 * it have provided. Until then nothing can have changed since the preview.
 */
async function applyRound(context: RoundContext): Promise<Round> {
  const known = new Map<string, string>()
  const findings = new Map<string, Finding>()
  const problems: Problem[] = []
  let { inventory } = context
  let progressed = false

  for (const [target, previewed] of context.preview) {
    const finding = progressed ? plan(context, target, known) : previewed
    const turn = await takeTurn({ ...context, inventory }, target, restrained(finding, context.restraint))
    inventory = turn.inventory
    progressed ||= turn.progressed
    problems.push(...turn.problems)
    learn(known, target, turn.finding.outputs)
    findings.set(findingKey(target), { ...turn.finding, subject: subjectOf(target) })
  }
  const { waits, blocks } = collect(findings.values())
  const { restraint } = context
  const held = heldIn(context.targets, findings)
  return { waits, blocks, problems, findings, inventory, progressed, unfinished: false, restraint, held }
}

function subjectOf({ resource, identity }: Target): NonNullable<Finding['subject']> {
  return { type: resource.type, id: identity.key }
}

/** Kinds find what they composed by its name; what is retired has no name of its own any more. */
export function findingKey(target: Target): string {
  return target.type === 'wanted' ? target.identity.name : targetKey(target)
}

function heldIn(targets: readonly Target[], findings: ReadonlyMap<string, Finding>): readonly HeldStep[] {
  return targets.flatMap((target) => {
    const { name: resource, key: id } = target.identity
    const steps = findings.get(findingKey(target))?.held ?? []
    return steps.map(({ effect, summary }) => ({ resource, id, effect, summary }))
  })
}

interface Turn {
  readonly finding: Finding
  readonly inventory: Inventory
  readonly progressed: boolean
  readonly problems: readonly Problem[]
}

async function takeTurn(context: RoundContext, target: Target, finding: Finding): Promise<Turn> {
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
  return {
    finding: { ...finding, outputs: { ...finding.outputs, ...applied.outputs } },
    inventory: afterCreates(pass, inventory, target, applied),
    progressed: applied.steps.length > 0,
    problems: applied.failure === undefined ? [] : [applied.failure.problem],
  }
}

function remember({ seen, taken, deleted }: History, target: Target, steps: readonly Step[]): void {
  const key = targetKey(target)
  seen.delete(key)
  taken.set(key, [...(taken.get(key) ?? []), ...steps])
  if (steps.some(({ effect }) => effect === 'delete')) deleted.add(key)
}

/** Steps that were held in the preview are not on record yet. */
async function recordOnce({ pass, scope, inventory }: RoundContext, planned: Planned): Promise<Inventory> {
  const recorded = inventory.get(targetKey(planned.target))
  const isRecorded = recorded !== planned.target.entry && isDeepStrictEqual(recorded?.memo, planned.plan.memo)
  if (isRecorded) return inventory
  const entries = entriesToRecord([planned], inventory, pass.deps.clock.now())
  return record(pass, scope, { inventory, entries })
}

function unknownTurn({ inventory }: RoundContext, finding: Finding): Turn {
  const { observation } = finding
  return { finding, inventory, progressed: false, problems: observation.type === 'unknown' ? [observation] : [] }
}

/** Nothing to do now: what is wanted goes on record, what has left is released. */
function idleTurn(context: RoundContext, target: Target, finding: Finding): Turn {
  if (target.type === 'retired') return releaseTurn(context, target, finding)
  const { inventory, pass } = context
  const exists = finding.observation.type === 'known' && finding.observation.items.length > 0
  const known = target.entry !== undefined || exists
  const [planned] = plannedOf(context, target, finding)
  if (!known || planned === undefined) return { finding, inventory, progressed: false, problems: [] }
  const entry = entryFor(planned, pass.deps.clock.now())
  return { finding, inventory: withEntries(inventory, [entry]), progressed: false, problems: [] }
}

function releaseTurn(context: RoundContext, target: Target, finding: Finding): Turn {
  const { inventory, pass, history } = context
  const idle = { finding, inventory, progressed: false, problems: [] }
  if (finding.held.length > 0) return idle
  if (finding.plan === undefined || finding.plan.waits.length > 0 || finding.plan.blocks.length > 0) return idle

  const { clock, settings } = pass.deps
  const isGone = finding.observation.type === 'foreign' || history.deleted.has(targetKey(target))
  if (!isGone && isSettling(target.entry, clock.now(), settings.settleSeconds)) {
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

export function collect(findings: Iterable<Finding>): {
  readonly waits: readonly Wait[]
  readonly blocks: readonly Block[]
} {
  const plans = [...findings].flatMap(({ plan: found }) => (found === undefined ? [] : [found]))
  return { waits: plans.flatMap(({ waits }) => waits), blocks: plans.flatMap(({ blocks }) => blocks) }
}
