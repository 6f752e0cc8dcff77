import type { NewLogGroup } from '../../aws/logs.ts'
import { asksToAdopt } from '../../core/adoption.ts'
import {
  emptyPlan,
  type Block,
  type Memo,
  type Plan,
  type PlanInput,
  type Removal,
  type Step,
} from '../../core/plan.ts'
import type { DesiredLogGroup } from './desired.ts'
import type { GlancedLogGroup, ObservedLogGroup } from './observe.ts'

export type LogGroupStep =
  | (Step & { readonly type: 'create'; readonly effect: 'create'; readonly group: NewLogGroup })
  | (Step & { readonly type: 'adopt'; readonly adopts: true; readonly arn: string })
  | (Step & { readonly type: 'set-retention'; readonly name: string; readonly retentionInDays: number })
  | (Step & { readonly type: 'release'; readonly arn: string })
  | (Step & { readonly type: 'delete'; readonly name: string })

export type LogGroupOutput = 'name'

type LogGroupPlan = Plan<LogGroupStep, LogGroupOutput>

/** Decides about one log group. `name` is given out only once it exists: tasks cannot start without their group. */
export function planLogGroup(input: PlanInput<DesiredLogGroup, ObservedLogGroup | GlancedLogGroup>): LogGroupPlan {
  const { goal, requests, memo } = input
  const [group] = input.observed
  if (goal.type === 'absent') return planRemoval(goal.removal, group)
  if (!group) return { ...emptyPlan, steps: [creation(goal.desired), ...retentionSteps(goal.desired, undefined)] }
  if (group.isGlance) return planGlanced(goal.desired, group, memo)
  const adoption = asksToAdopt(requests) && group.isAdoptable ? [adoptionOf(group)] : []
  const isManaged = group.isOurs || adoption.length > 0
  return {
    ...emptyPlan,
    steps: [...adoption, ...(isManaged ? retentionSteps(goal.desired, group.retentionInDays) : [])],
    blocks: isManaged ? [] : strangerBlocks(goal.desired, group),
    outputs: { name: group.name },
    memo: isManaged ? {} : NOT_OURS,
  }
}

/** For the next glance, which does not ask whose the group is. */
const NOT_OURS = { isOurs: 'false' }

function planGlanced(desired: DesiredLogGroup, group: GlancedLogGroup, memo: Memo): LogGroupPlan {
  const isOurs = memo['isOurs'] !== NOT_OURS.isOurs
  const steps = isOurs ? retentionSteps(desired, group.retentionInDays) : []
  const blocks = isOurs ? [] : strangerBlocks(desired, { ...group, isAdoptable: true })
  return { ...emptyPlan, steps, blocks, outputs: { name: group.name }, memo }
}

/**
 * An earlier object of this name may have left the group behind, with its events: it is written to, but to keep them for
 * another time might delete some, which nobody has asked for. That the spec is not true then must be said.
 */
function strangerBlocks(
  { retentionInDays: wanted }: DesiredLogGroup,
  { name, retentionInDays, isAdoptable }: Pick<ObservedLogGroup, 'name' | 'retentionInDays' | 'isAdoptable'>,
): readonly Block[] {
  if (wanted === undefined || wanted === retentionInDays) return []
  const field = 'spec.logGroup.retentionInDays'
  const kept = retentionInDays === undefined ? 'for ever' : `for ${retentionInDays} days`
  const wayOut = isAdoptable
    ? 'take it over with the annotation longshore.dev/adopt: "true", or leave the field'
    : 'leave the field'
  const message = `${field}: the log group ${name} was there before and is not ours to change, so its events are kept ${kept}: ${wayOut} out`
  return [{ reason: 'ForeignResource', field, message }]
}

function adoptionOf({ name, arn }: ObservedLogGroup): LogGroupStep {
  return { type: 'adopt', effect: 'change', summary: `take over log group ${name}`, adopts: true, arn }
}

function creation({ logGroupName: name, tags }: DesiredLogGroup): LogGroupStep {
  return { type: 'create', effect: 'create', summary: `create log group ${name}`, group: { name, tags } }
}

function retentionSteps(
  { logGroupName: name, retentionInDays }: DesiredLogGroup,
  current: number | undefined,
): readonly LogGroupStep[] {
  if (retentionInDays === undefined || retentionInDays === current) return []
  const summary = `keep the events of log group ${name} for ${retentionInDays} days`
  return [{ type: 'set-retention', effect: 'change', summary, name, retentionInDays }]
}

function planRemoval({ policy }: Removal, group: ObservedLogGroup | GlancedLogGroup | undefined): LogGroupPlan {
  if (group === undefined || group.isGlance || !group.isOurs) return emptyPlan
  const { name, arn } = group
  return {
    ...emptyPlan,
    steps: [
      policy === 'Retain'
        ? { type: 'release', effect: 'change', summary: `release log group ${name}, keeping its events`, arn }
        : { type: 'delete', effect: 'delete', summary: `delete log group ${name}`, name },
    ],
  }
}
