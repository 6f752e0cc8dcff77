import { PRIORITY } from '../../runtime/reconcile.ts'
import type { Output } from '../../core/output.ts'
import type { Block, Wait } from '../../core/plan.ts'
import type { Composed } from '../composed.ts'
import type { Inventory } from '../inventory.ts'
import type { Finding, Problem, Reconciled } from '../outcome.ts'
import type { Pass } from '../pass.ts'
import { isLookWanted, statusOf, type HeldStep } from '../managed.ts'
import type { Scope } from '../resource.ts'
import { isAdoptionPending, restrained, restraintOf, type Restraint } from '../restraint.ts'
import {
  retiredTargets,
  targetKey,
  wantedTargets,
  type RemovalOptions,
  type Target,
  type WantedTarget,
} from '../target.ts'
import { observe, type Survey } from './observe.ts'
import { planContext, planTarget, withoutConclusion, withoutTakenSteps } from './plan.ts'
import { entriesToRecord, record, type Planned } from './record.ts'
import { plannedOf, takeTurn, type History } from './turn.ts'

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
  const outputs = ({ resource, output }: Output): string | undefined => known.get(`${resource}.${output}`)
  const { isUnsure, ...context } = planContext(pass, target, { survey, outputs })
  const { taken } = history
  // What differs is seen, and what was done about it just now is known: nothing older matters any more.
  if (taken.size > 0) {
    return withoutTakenSteps(planTarget(target, { ...context, isUnsure: false }), taken.get(targetKey(target)) ?? [])
  }
  const finding = planTarget(target, { ...context, isUnsure })
  return isUnsure && target.type === 'wanted' ? withoutConclusion(finding) : finding
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

export function collect(findings: Iterable<Finding>): {
  readonly waits: readonly Wait[]
  readonly blocks: readonly Block[]
} {
  const plans = [...findings].flatMap(({ plan: found }) => (found === undefined ? [] : [found]))
  return { waits: plans.flatMap(({ waits }) => waits), blocks: plans.flatMap(({ blocks }) => blocks) }
}
