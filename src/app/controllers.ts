import type { Pace } from '../aws/pace.ts'
import { selectorMatches, type LabelSelector } from '../core/label-selector.ts'
import { isInShard, type Shard } from '../core/shard.ts'
import type { Clock, Logger, Metrics, Random } from '../core/ports.ts'
import type { Cluster, KubeObject } from '../kube/cluster.ts'
import { createStreamingLists, type StreamingLists } from '../kube/streaming-lists.ts'
import { resourceTypeOf } from '../reconciler/api.ts'
import { createEngine, createForegone } from '../reconciler/engine.ts'
import type { AnyKind } from '../reconciler/kind.ts'
import { createLookout } from '../reconciler/lookout.ts'
import type { EngineDeps, EngineSettings } from '../reconciler/pass.ts'
import { Controller } from '../runtime/controller.ts'
import type { EventRecorder } from '../runtime/event-recorder.ts'
import { Informer } from '../runtime/informer.ts'
import { PRIORITY } from '../runtime/reconcile.ts'
import { ownObjects, type Source } from '../runtime/source.ts'
import { keyOf, type ObjectStore } from '../runtime/store.ts'
import { Sweeper } from '../runtime/sweeper.ts'
import { countingRepairs, observeObjects } from './object-metrics.ts'
import { neighboursOf, REFERENCES, referencesOf, type Watched } from './neighbours.ts'
import type { ScopeFor } from './scope.ts'

/** Everything outside of the controllers: the same for the real operator and for one in a test. */
export interface Surroundings {
  readonly cluster: Cluster
  readonly scopeFor: ScopeFor
  /** Calls objects whose turn to call AWS has come. */
  readonly pace: Pick<Pace, 'onTurn'>
  readonly events: EventRecorder
  /** Whether a write to AWS may begin now. */
  readonly mayWrite: () => boolean
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
}

export interface ControllerSettings extends EngineSettings {
  /** Namespaces to watch; empty: all. */
  readonly namespaces: readonly string[]
  readonly workers: number
  /** How often to look for drift; undefined: as each kind says. */
  readonly driftSeconds: number | undefined
  /** Which objects are for this operator; undefined: all. */
  readonly shard?: Shard | undefined
  /** Labels that objects for this operator have; undefined: any. */
  readonly watchLabelSelector?: LabelSelector | undefined
}

export interface Controllers {
  readonly informers: readonly Informer[]
  readonly controllers: readonly Controller[]
}

/** Informers and one controller for each kind. */
export function createControllers(
  kinds: readonly AnyKind[],
  around: Surroundings,
  settings: ControllerSettings,
): Controllers {
  const listed = { ...around, streamingLists: createStreamingLists() }
  const watched = kinds.map((kind) => watch(withDrift(kind, settings.driftSeconds), listed, settings))
  return {
    informers: watched.flatMap(({ informers }) => informers),
    controllers: watched.map((own) => createController(own, { watched, around, settings })),
  }
}

function withDrift(kind: AnyKind, driftSeconds: number | undefined): AnyKind {
  if (driftSeconds === undefined) return kind
  // Who wants to know sooner wants to know everything sooner.
  return { ...kind, driftSeconds, closeLookSeconds: (kind.closeLookSeconds * driftSeconds) / kind.driftSeconds }
}

type Listed = Surroundings & { readonly streamingLists: StreamingLists }

function watch(kind: AnyKind, around: Listed, { namespaces }: ControllerSettings): Watched {
  const indexes = { [REFERENCES]: (object: KubeObject) => referencesOf(kind, object) }
  const selections = namespaces.length === 0 ? [undefined] : namespaces
  const informers = selections.map(
    (namespace) => new Informer({ ...around, type: resourceTypeOf(kind), selection: { namespace }, indexes }),
  )
  return { kind, informers, store: combined(informers.map(({ store }) => store)) }
}

/** Stores of disjoint sets of objects, read as one. */
function combined(stores: readonly ObjectStore[]): ObjectStore {
  return {
    get: (key) => stores.map((store) => store.get(key)).find((object) => object !== undefined),
    list: () => stores.flatMap((store) => store.list()),
    byIndex: (index, value) => stores.flatMap((store) => store.byIndex(index, value)),
  }
}

interface Neighbourhood {
  readonly watched: readonly Watched[]
  readonly around: Surroundings
  readonly settings: ControllerSettings
}

function createController(own: Watched, { watched, around, settings }: Neighbourhood): Controller {
  const { kind, informers, store } = own
  const accepts = acceptsFor(settings.shard)
  const isSelected = selectedBy(settings.watchLabelSelector)
  const isOurs = (object: KubeObject): boolean => isSelected(object) && accepts(keyOf(object))
  observeObjects(around.metrics, kind.kind, { informers, store: { list: () => store.list().filter(isOurs) } })
  const deps: EngineDeps = {
    ...around,
    events: countingRepairs(around.metrics, kind.kind, around.events),
    kind,
    type: resourceTypeOf(kind),
    store,
    isSplit: informers.length > 1,
    isSelected,
    storeOf: (name) => watched.find((other) => other.kind.kind === name),
    scopeFor: (_, signal) => around.scopeFor(signal),
    logger: around.log,
    sweeps: true,
    settings,
  }
  const name = kind.kind.toLowerCase()
  const { keys, glanceAt } = createLookout(deps)
  const lookout = { keys: async () => (await keys()).filter(accepts), glanceAt }
  const sweeper = new Sweeper({ ...around, name, lookout, periodSeconds: kind.driftSeconds })
  const others = watched.flatMap((other) => neighboursOf(own, other))
  const sources = [...informers.map(ownObjects), ...others, turns(kind, around.pace)]
  const { workers } = settings
  const [reconcile, foregone] = [createEngine(deps), createForegone(deps)]
  return new Controller({ ...around, name, reconcile, foregone, sources, accepts, sweeper, workers })
}

/** Everybody watches everything, for references may lead anywhere; each works on its own. */
function acceptsFor(shard: Shard | undefined): (key: string) => boolean {
  return shard === undefined ? () => true : (key) => isInShard(key, shard)
}

/** Who is left out is watched all the same: objects of ours may refer to it, and its labels may change. */
function selectedBy(selector: LabelSelector | undefined): (object: KubeObject) => boolean {
  return selector === undefined ? () => true : ({ metadata }) => selectorMatches(selector, metadata.labels ?? {})
}

/** Objects go on the moment that their turn to call AWS has come. */
function turns({ kind }: AnyKind, pace: Pick<Pace, 'onTurn'>): Source {
  return {
    subscribe: (enqueue) => {
      pace.onTurn((owner, urgency) => {
        const priority = urgency === 'change' ? PRIORITY.userChangeInTurn : PRIORITY.driftInTurn
        if (owner.kind === kind) enqueue(`${owner.namespace}/${owner.name}`, { priority })
      })
    },
    hasSynced: () => true,
  }
}
