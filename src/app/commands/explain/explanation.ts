import type { Condition } from '../../../core/conditions.ts'
import type { Instant } from '../../../core/ports.ts'
import type { Observation } from '../../../core/plan.ts'
import type { KubeObject } from '../../../kube/cluster.ts'
import {
  generationOf,
  hasFinalizer,
  isBeingDeleted,
  requestsOf,
  statusOf,
  type HeldStep,
} from '../../../reconciler/managed.ts'
import { isSecretPath, withoutSecrets } from '../plan/secrets.ts'
import { idOf } from '../world/objects.ts'
import { adviceFor } from './advice.ts'
import { blameFor, type Blame } from './blame/blame.ts'
import type { Gathered, ToldEvent } from './gather.ts'

/** Why an object is in its state: what `-o json` prints. */
export interface Explanation {
  /** `EcsService demo/hello`. */
  readonly object: string
  /** One sentence: where it stands. */
  readonly summary: string
  readonly conditions: readonly ToldCondition[]
  readonly waitingFor: { readonly message: string; readonly forSeconds: number } | undefined
  readonly references: readonly { readonly field: string; readonly object: string; readonly state: string }[]
  readonly owned: readonly Owned[]
  /** Status was lost and not made again yet. */
  readonly isOwnedUnknown: boolean
  readonly held: readonly HeldStep[]
  readonly events: readonly (ToldEvent & { readonly agoSeconds: number })[]
  /** What a person can do. */
  readonly next: readonly string[]
  /** Who changed what in AWS; absent: nobody asked. */
  readonly blame?: Blame
}

export interface ToldCondition extends Pick<Condition, 'type' | 'status' | 'reason' | 'message'> {
  readonly forSeconds: number
  /** It is about an older edit. */
  readonly isOutdated: boolean
}

export interface Owned {
  readonly type: string
  readonly id: string
  readonly origin: string
  /** What becomes of it when the object is deleted. */
  readonly onDeletion: 'deleted' | 'kept'
  /** What AWS shows now. */
  readonly state: string
  /** Figures of it, under AWS's names. */
  readonly figures: Readonly<Record<string, string>>
}

/** Puts what was gathered into words. */
export function explain({ kind, object, references, owned, events, blame }: Gathered, now: Instant): Explanation {
  const { conditions = [], waitingFor, plan = [], inventory } = statusOf(object)
  const generation = generationOf(object)
  const told = conditions.map((condition) => toldCondition(condition, generation, now))
  const ready = told.find(({ type }) => type === 'Ready')
  const advice = ready && adviceFor(ready, { kind: kind.kind, name: object.metadata.name })
  return {
    object: idOf(object),
    summary: summaryOf(object, ready),
    conditions: told,
    waitingFor: waitingFor && { message: waitingFor.message, forSeconds: secondsSince(waitingFor.since, now) },
    references: references.map(([{ field, kind: target, name, namespace }, found]) => {
      const named = `${target} ${namespace ?? object.metadata.namespace ?? ''}/${name}`
      return { field: `spec.${field}`, object: named, state: stateOf(found) }
    }),
    owned: owned.map(([{ type, id, origin, retain }, observation]) => {
      const policy = requestsOf(object)['deletion-policy'] ?? (retain || origin !== 'Created' ? 'Retain' : 'Delete')
      const onDeletion = policy === 'Retain' ? 'kept' : 'deleted'
      return { type, id, origin, onDeletion, state: stateIn(observation), figures: figuresIn(observation) }
    }),
    isOwnedUnknown: hasFinalizer(object) && inventory === undefined,
    held: plan,
    events: events.map((event) => ({ ...event, agoSeconds: secondsSince(event.at, now) })),
    next: [...unseenAdvice(object), ...(advice === undefined ? [] : [advice])],
    ...(blame && { blame: blameFor(object, blame, now) }),
  }
}

function toldCondition(condition: Condition, generation: number, now: Instant): ToldCondition {
  const { type, status, reason, message, lastTransitionTime, observedGeneration } = condition
  const isOutdated = observedGeneration < generation
  return { type, status, reason, message, forSeconds: secondsSince(lastTransitionTime, now), isOutdated }
}

function secondsSince(time: string, now: Instant): number {
  const at = Date.parse(time)
  return Number.isNaN(at) ? 0 : Math.max(0, Math.round((now - at) / 1000))
}

function summaryOf(object: KubeObject, ready: ToldCondition | undefined): string {
  if (ready === undefined) return 'The operator has not seen it yet'
  const doing = isBeingDeleted(object) ? 'is being deleted' : ready.status === 'True' ? 'is ready' : 'is not ready'
  return ready.isOutdated ? `It ${doing}, as far as the operator knows: the newest edit is not seen yet` : `It ${doing}`
}

function unseenAdvice(object: KubeObject): readonly string[] {
  const { observedGeneration } = statusOf(object)
  return observedGeneration === undefined
    ? ['See whether the operator runs, and watches this namespace (its setting namespaces).']
    : []
}

function stateOf(target: KubeObject | undefined): string {
  if (target === undefined) return 'does not exist'
  if (isBeingDeleted(target)) return 'is being deleted'
  const ready = statusOf(target).conditions?.find(({ type }) => type === 'Ready')
  if (ready === undefined) return 'not seen by the operator yet'
  return ready.status === 'True' ? 'ready' : `not ready: ${ready.reason}: ${ready.message}`
}

function stateIn(observation: Observation<unknown>): string {
  switch (observation.type) {
    case 'known':
      return observation.items.length === 0 ? 'AWS shows none' : 'exists'
    case 'foreign':
      return observation.message
    case 'unknown':
      return `AWS does not say: ${observation.message}`
  }
}

const MOST_FIGURES = 8

/** Numbers, switches and words at the top of what AWS answers; the newest of several. */
function figuresIn(observation: Observation<unknown>): Readonly<Record<string, string>> {
  const items = observation.type === 'known' ? observation.items : []
  const members = Object.entries(Object(items[0] ?? {})).flatMap(([name, value]) => {
    const isFigure = ['number', 'boolean', 'string'].includes(typeof value) && !isSecretPath(name) && !TOLD.has(name)
    return isFigure && String(value).length <= 80 ? [[name, String(withoutSecrets(value))] as const] : []
  })
  return Object.fromEntries(members.slice(0, MOST_FIGURES))
}

/** The name is told already, and long identifiers help nobody. */
const TOLD: ReadonlySet<string> = new Set([
  'name',
  'arn',
  'clusterArn',
  'isOurs',
  'family',
  'contentHash',
  'isAdoptable',
])
