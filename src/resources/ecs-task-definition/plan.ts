import { outputsIn } from '../../core/output.ts'
import type { Tags } from '../../core/owner.ts'
import {
  emptyPlan,
  type Memo,
  type Outputs,
  type Plan,
  type PlanInput,
  type Removal,
  type Step,
  type Wait,
} from '../../core/plan.ts'
import { revisionHash } from './content.ts'
import type { DesiredContent, DesiredTaskDefinition } from './desired.ts'
import type { ObservedRevision } from './observe.ts'

export type TaskDefinitionStep =
  | (Step & {
      readonly type: 'register'
      readonly effect: 'create'
      readonly family: string
      readonly content: DesiredContent
      readonly tags: Tags
    })
  | (Step & { readonly type: 'adopt'; readonly adopts: true; readonly arn: string; readonly contentHash: string })
  | (Step & { readonly type: 'deregister'; readonly arn: string })
  | (Step & { readonly type: 'release'; readonly arn: string })

/** `arn`: the revision whose content is the desired one; `contentHash`: that content, whatever revision it gets. */
export type TaskDefinitionOutput = 'arn' | 'contentHash'

type TaskDefinitionPlan = Plan<TaskDefinitionStep, TaskDefinitionOutput>
type Input = PlanInput<DesiredTaskDefinition, ObservedRevision>

/**
 * Decides about the revisions of one family. A revision is registered only when none of ours has the content; one that is
 * not wanted any more stays as history, and while something may still run it.
 */
export function planTaskDefinition(input: Input): TaskDefinitionPlan {
  const { goal } = input
  return goal.type === 'absent' ? planRemoval(input, goal.removal) : planPresence(input, goal.desired)
}

function planPresence(input: Input, desired: DesiredTaskDefinition): TaskDefinitionPlan {
  // Without the values behind its symbols the content cannot be told from what is registered already.
  if (outputsIn(desired.content).length > 0) return { ...emptyPlan, steps: [registration(desired)], memo: input.memo }

  const hash = revisionHash(desired.content)
  const equal = newestFirst(input.observed).filter(({ contentHash }) => contentHash === hash)
  const current = equal.find(({ isOurs }) => isOurs)
  if (current) return planHistory(input, desired, current)
  // The one that runs, so that taking it over starts no rollout.
  const found = equal.find(({ arn }) => input.mayBeInUse(arn)) ?? equal[0]
  if (found) return planAdoption(input, found)
  const attempts = attemptsIn(input.memo)
  // None is known: it was forgotten with a status that was lost.
  if (input.settling && (attempts.length === 0 || attempts.includes(hash))) {
    return { ...emptyPlan, waits: [settling], memo: input.memo }
  }
  return { ...emptyPlan, steps: [registration(desired)], memo: memoOfAttempt(input, hash) }
}

/** Nobody owns the family, and its new owner asks to take it over. Its other revisions stay as they are. */
function planAdoption({ memo }: Input, { arn, family, revision, contentHash }: ObservedRevision): TaskDefinitionPlan {
  const summary = `take over ${family}:${revision}`
  return {
    ...emptyPlan,
    steps: [{ type: 'adopt', effect: 'change', summary, adopts: true, arn, contentHash }],
    outputs: { arn, contentHash },
    memo,
  }
}

function registration({ family, content, tags }: DesiredTaskDefinition): TaskDefinitionStep {
  const summary = `register a revision of task definition ${family}`
  return { type: 'register', effect: 'create', summary, family, content, tags }
}

const settling: Wait = {
  reason: 'Settling',
  message: 'AWS may not show the revision yet that was just registered',
  pollSeconds: 2,
}

/**
 * The hashes that were asked for so recently that AWS may not show them yet: registering has no idempotency token, and a
 * quick edit forth and back must not end in twins.
 */
function memoOfAttempt({ memo, settling: isSettling }: Input, hash: string): Memo {
  const recent = isSettling ? attemptsIn(memo) : []
  return { attempts: [...new Set([...recent, hash])].join(' ') }
}

function attemptsIn({ attempts = '' }: Memo): readonly string[] {
  return attempts.split(' ').filter((hash) => hash !== '')
}

function planHistory(input: Input, desired: DesiredTaskDefinition, current: ObservedRevision): TaskDefinitionPlan {
  const others = newestFirst(input.observed).filter(({ arn, isOurs }) => isOurs && arn !== current.arn)
  const retired = others.slice(desired.revisionHistoryLimit).filter(({ arn }) => !input.mayBeInUse(arn))
  return {
    ...emptyPlan,
    steps: retired.map(deregistration),
    outputs: { arn: current.arn, contentHash: current.contentHash },
    memo: memoOfCurrent(input, current),
  }
}

/** A revision never changes: that it has this content stays true, whether anybody looks or not. */
function memoOfCurrent({ memo, settling: isSettling }: Input, { arn, contentHash }: ObservedRevision): Memo {
  const attempts = isSettling && memo['attempts'] !== undefined ? { attempts: memo['attempts'] } : {}
  return { ...attempts, revision: arn, contentHash }
}

/** What others may use of a family while nobody looks at it: the revision of the last look, if that is what is wanted. */
export function recallTaskDefinition(
  { content }: DesiredTaskDefinition,
  { revision, contentHash }: Memo,
): Outputs<TaskDefinitionOutput> | undefined {
  if (revision === undefined || contentHash === undefined || outputsIn(content).length > 0) return undefined
  return contentHash === revisionHash(content) ? { arn: revision, contentHash } : undefined
}

function planRemoval(input: Input, { policy }: Removal): TaskDefinitionPlan {
  const { observed, memo, mayBeInUse } = input
  // A family is a set: that the revisions which showed are gone says nothing about one that does not show yet.
  if (observed.length === 0) return { ...emptyPlan, waits: input.settling ? [settling] : [], memo }
  if (policy === 'Retain') return { ...emptyPlan, steps: observed.map(release), memo }
  const held = observed.filter(({ arn }) => mayBeInUse(arn))
  return {
    ...emptyPlan,
    steps: observed.filter(({ arn }) => !mayBeInUse(arn)).map(deregistration),
    waits: held.map(({ family, revision }) => ({
      reason: 'InUse',
      message: `Revision ${family}:${revision} may still be in use`,
      pollSeconds: 10,
    })),
    memo,
  }
}

function deregistration({ arn, family, revision }: ObservedRevision): TaskDefinitionStep {
  return { type: 'deregister', effect: 'delete', summary: `deregister ${family}:${revision}`, arn }
}

function release({ arn, family, revision }: ObservedRevision): TaskDefinitionStep {
  return { type: 'release', effect: 'change', summary: `release ${family}:${revision}`, arn }
}

function newestFirst(revisions: readonly ObservedRevision[]): readonly ObservedRevision[] {
  return revisions.toSorted((a, b) => b.revision - a.revision)
}
