import type { Clock, Logger, Random } from '../core/ports.ts'
import type { Owner } from '../core/owner.ts'
import type { Cluster, KubeObject, ResourceType } from '../kube/cluster.ts'
import type { EventRecorder } from '../runtime/event-recorder.ts'
import type { ObjectStore } from '../runtime/store.ts'
import type { ObjectAttempts } from './attempts.ts'
import type { ObjectHandle } from './handle.ts'
import type { AnyKind } from './kind.ts'
import type { Scope } from './resource.ts'

/** Everything the engine needs from outside. */
export interface EngineDeps {
  readonly kind: AnyKind
  readonly type: ResourceType
  readonly cluster: Cluster
  readonly store: ObjectStore
  /** Whether the store follows each namespace by a watch of its own. Absent: not. */
  readonly isSplit?: boolean
  /** Whose labels make it one of ours. Absent: everybody's. */
  readonly isSelected?: (object: KubeObject) => boolean
  /** Whether nothing is done: then what an object refers to may only be about to come. Absent: not. */
  readonly isRehearsal?: boolean
  /** Stores of all kinds, for references; undefined: no such kind. */
  readonly storeOf: (kind: string) => { readonly kind: AnyKind; readonly store: ObjectStore } | undefined
  /** The account and region that serve the object, with credentials. Throws `Failure`. */
  readonly scopeFor: (object: KubeObject, signal: AbortSignal) => Promise<Scope>
  readonly events: EventRecorder
  /** False shortly before somebody else may be the leader: what begins now might end when it should not. */
  readonly mayWrite: () => boolean
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly settings: EngineSettings
  /** Whether somebody sweeps over what is settled (see `Lookout`): then passes only have to look closely now and then. */
  readonly sweeps: boolean
}

export interface EngineSettings {
  readonly installationId: string
  /** Until so long after a recorded create attempt, absence proves nothing. */
  readonly settleSeconds: number
  /** What to do about drift unless the object says it. */
  readonly drift: 'Repair' | 'Report'
  /** A pass that lasts longer acknowledges a new generation before it is done. */
  readonly blinkSeconds: number
}

/** One pass over one object. */
export interface Pass {
  readonly deps: EngineDeps
  readonly handle: ObjectHandle
  readonly owner: Owner
  readonly attempts: ObjectAttempts
  /** The object as it was when the pass began. */
  readonly object: KubeObject
  readonly requests: Readonly<Record<string, string>>
  /** That of the key in the queue: a user's change overtakes the look-out for drift, at AWS as well. */
  readonly priority: number
  /** A glance is enough, unless it shows something new: the object waits for AWS, and was looked at closely just now. */
  readonly mayGlance: boolean
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Whether it has ended, though calls that nobody awaits any more may still be under way. Absent: never. */
  readonly isOver?: () => boolean
}
