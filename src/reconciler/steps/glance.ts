import { resolveOutputs, type OutputLookup } from '../../core/output.ts'
import { emptyPlan } from '../../core/plan.ts'
import { withEntries } from '../inventory.ts'
import type { Finding, Problem } from '../outcome.ts'
import { restrained, restraintOf } from '../restraint.ts'
import { retiredTargets, wantedTargets, type WantedTarget } from '../target.ts'
import { collect, findingKey, learn, type ConvergeInput, type Result } from './converge.ts'
import { observe, type Survey } from './observe.ts'
import { planContext, planTarget } from './plan.ts'
import { entryFor } from './record.ts'
import { plannedOf } from './turn.ts'

/**
 * What is looked at: in a `sweep`, everything that AWS tells of many things in one call; of an object that only waits for
 * what AWS does by itself (`wait`), what cannot be recalled.
 */
export type Scrutiny = 'sweep' | 'wait'

/**
 * Looks for signs of change with the calls that many objects share. Undefined: something shows that only a close look can
 * judge. Nothing is written: neither to AWS nor to Kubernetes.
 */
export async function glance(input: ConvergeInput, scrutiny: Scrutiny): Promise<Result | undefined> {
  const glimpse = await catchGlimpse(input, scrutiny)
  return glimpse && judge(glimpse)
}

/** What a glance saw, before anything is concluded from it. */
export interface Glimpse extends ConvergeInput {
  readonly targets: readonly WantedTarget[]
  readonly survey: Survey
  readonly isRecalled: (target: WantedTarget) => boolean
}

/** The reads of a glance. Undefined: only a close look can judge. */
export async function catchGlimpse(input: ConvergeInput, scrutiny: Scrutiny): Promise<Glimpse | undefined> {
  const { pass, scope } = input
  const targets = targetsOf(input)
  if (targets === undefined) return undefined
  const isRecalled = ({ resource }: WantedTarget): boolean =>
    resource.recall !== undefined && (scrutiny === 'wait' || resource.isReadAlone === true)
  const asked = targets.filter((target) => !isRecalled(target))
  const survey = await observe(pass, scope, asked, new Map())
  return { ...input, targets, survey, isRecalled }
}

/** What the object stands for; undefined: it is not all on record, or there is more that has to go. */
function targetsOf({ pass, items, removal, inventory }: ConvergeInput): readonly WantedTarget[] | undefined {
  const { kind } = pass.deps
  const wanted = wantedTargets({ kind, owner: pass.owner }, items, inventory)
  const isOnRecord = ({ entry }: WantedTarget): boolean => entry !== undefined && entry.origin !== 'Adopting'
  const retired = retiredTargets({ kind, owner: pass.owner, removal }, inventory, wanted)
  if (retired.length > 0 || !wanted.every(isOnRecord)) return undefined
  return wanted.map((target) => ({ ...target, identity: { ...target.identity, glance: true } }))
}

/** The decision of a glance. */
export function judge(glimpse: Glimpse): Result | undefined {
  const { pass, targets, survey, isRecalled } = glimpse
  const restraint = restraintOf(pass)
  const known = new Map<string, string>()
  const findings = new Map<string, Finding>()
  const problems: Problem[] = []
  for (const target of targets) {
    const outputs: OutputLookup = ({ resource, output }) => known.get(`${resource}.${output}`)
    const context = planContext(pass, target, { survey, outputs })
    const finding = isRecalled(target) ? recall(target, outputs) : planTarget(target, context)
    // What was not seen may be all that is missing: nothing can be said of what depends on it.
    if (finding === undefined && problems.length > 0) break
    if (finding === undefined || wantsChange(restrained(finding, restraint))) return undefined
    if (finding.plan === undefined && finding.observation.type === 'unknown') problems.push(finding.observation)
    learn(known, target, finding.outputs)
    findings.set(findingKey(target), finding)
  }
  const planned = targets.flatMap((target) => {
    const finding = findings.get(findingKey(target))
    return finding === undefined ? [] : plannedOf({ restraint }, target, finding)
  })
  const entries = planned.map((each) => entryFor(each, pass.deps.clock.now()))
  const inventory = withEntries(glimpse.inventory, entries)
  return { ...collect(findings.values()), problems, findings, inventory, unfinished: false, restraint, held: [] }
}

/** What the memo says, without looking. */
function recall({ resource, item, entry }: WantedTarget, outputs: OutputLookup): Finding | undefined {
  const memo = entry?.memo ?? {}
  const recalled = resource.recall?.(resolveOutputs(item.desired, outputs), memo)
  if (recalled === undefined) return undefined
  const observation = { type: 'unknown', code: 'unexpected', message: 'not looked at' } as const
  const plan = { ...emptyPlan, outputs: recalled, memo }
  return { observation, plan, outputs: recalled, isAdopting: false, held: [] }
}

function wantsChange({ plan, observation, isAdopting, held }: Finding): boolean {
  if (isAdopting || held.length > 0 || observation.type === 'foreign') return true
  return plan !== undefined && (plan.steps.length > 0 || plan.blocks.length > 0)
}
