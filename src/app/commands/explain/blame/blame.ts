import type { Instant } from '../../../../core/ports.ts'
import type { KubeObject } from '../../../../kube/cluster.ts'
import type { PlannedStep } from '../../plan/object-plan.ts'
import type { Difference } from './differences.ts'
import type { GatheredBlame } from './gather.ts'
import { notesFor } from './notes.ts'
import type { FoundCall } from './search.ts'
import { nameOf, toldChange, type ToldChange } from './told-change.ts'
import { toolOf } from './tool.ts'

/** Who changed what in AWS: the member `blame` of what `-o json` prints. */
export interface Blame {
  readonly differences: readonly BlamedDifference[]
  /** What others changed, newest first, whether it still shows or was repaired. */
  readonly changes: readonly ToldChange[]
  /** What the operator changed for this object. */
  readonly own: {
    readonly count: number
    /** More than one: its credentials were exchanged, or somebody else calls himself the operator. */
    readonly principals: readonly string[]
  }
  /** Sentences about what CloudTrail does not tell. */
  readonly notes: readonly string[]
}

export interface BlamedDifference extends PlannedStep {
  /** The last to change it; undefined: CloudTrail shows nobody. */
  readonly by: ToldChange | undefined
}

const MOST_CHANGES = 10

/** Puts what was gathered into words. */
export function blameFor(object: KubeObject, gathered: GatheredBlame, now: Instant): Blame {
  // A call that AWS refused changed nothing.
  const calls = gathered.calls.filter(({ event }) => event.errorCode === undefined)
  const own = new Set(calls.filter((call) => isOwn(object, call)))
  const others = calls.filter((call) => !own.has(call))
  const told = (call: FoundCall): ToldChange => toldChange(call, { isOwn: own.has(call), now })
  const differences = gathered.differences.flatMap((difference): readonly BlamedDifference[] => {
    const { causes: _, isHeld, ...step } = difference
    const call = causeOf(difference, calls)
    return call === undefined && isHeld ? [] : [{ ...step, by: call && told(call) }]
  })
  const unexplained = differences.filter(({ by }) => by === undefined || by.isOwn).length
  return {
    differences,
    changes: others.slice(0, MOST_CHANGES).map(told),
    own: { count: own.size, principals: [...new Set([...own].map(({ event }) => nameOf(event.principal)))] },
    notes: notesFor({ object, gathered, unexplained, others: others.length, now }),
  }
}

/** Whether it was the operator, for this object: as far as a call is believed that says so of itself. */
function isOwn({ kind, metadata: { namespace = '', name } }: KubeObject, { event }: FoundCall): boolean {
  const tool = toolOf(event)
  return tool.type === 'longshore' && tool.kind === kind && tool.namespace === namespace && tool.name === name
}

/** The last call that can have made the difference, whoever made it: what came before it was undone by it. */
function causeOf(difference: Difference, calls: readonly FoundCall[]): FoundCall | undefined {
  const { type, id, causes } = difference
  const possible = calls.filter((call) => call.type === type && call.id === id && causes.includes(call.event.call))
  return possible.find((call) => isAtFault(call, difference)) ?? possible[0]
}

/**
 * Some calls change one field or another (UpdateService): then one of those that differ is among the parameters. Of those
 * that undo what the step does (DeleteRetentionPolicy) the name says it all.
 */
function isAtFault({ event: { call, parameters } }: FoundCall, difference: Difference): boolean {
  const { call: ownCall, changes } = difference
  if (call !== ownCall || changes.length === 0) return true
  const named = new Set(Object.keys(Object(parameters)))
  return changes.some(({ field }) => field.split(/[.[\]]+/).some((part) => named.has(part)))
}
