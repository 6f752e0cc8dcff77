import { isDeepStrictEqual } from 'node:util'
import type { Clock, Logger, Metrics, Random } from '../core/ports.ts'
import type { Cluster, KubeObject } from '../kube/cluster.ts'
import { resourceTypeOf } from '../reconciler/api.ts'
import { createEngine } from '../reconciler/engine.ts'
import type { AnyKind } from '../reconciler/kind.ts'
import { statusOf } from '../reconciler/managed.ts'
import type { EngineSettings } from '../reconciler/pass.ts'
import { parseSpec } from '../reconciler/spec.ts'
import { Controller } from '../runtime/controller.ts'
import type { EventRecorder } from '../runtime/event-recorder.ts'
import { Informer, type InformerChange } from '../runtime/informer.ts'
import { mappedObjects, ownObjects, type Source } from '../runtime/source.ts'
import { keyOf } from '../runtime/store.ts'
import type { ScopeFor } from './scope.ts'

/** Everything outside of the controllers: the same for the real operator and for one in a test. */
export interface Surroundings {
  readonly cluster: Cluster
  readonly scopeFor: ScopeFor
  readonly events: EventRecorder
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly metrics: Metrics
}

export interface ControllerSettings extends EngineSettings {
  /** The one namespace to watch; undefined: all. */
  readonly namespace: string | undefined
  readonly workers: number
  /** How often to look for drift; undefined: as each kind says. */
  readonly driftSeconds: number | undefined
}

export interface Controllers {
  readonly informers: readonly Informer[]
  readonly controllers: readonly Controller[]
}

interface Watched {
  readonly kind: AnyKind
  readonly informer: Informer
}

/** One informer and one controller for each kind. */
export function createControllers(
  kinds: readonly AnyKind[],
  around: Surroundings,
  settings: ControllerSettings,
): Controllers {
  const watched = kinds.map((kind) => watch(withDrift(kind, settings.driftSeconds), around, settings))
  return {
    informers: watched.map(({ informer }) => informer),
    controllers: watched.map((own) => createController(own, { watched, around, settings })),
  }
}

function withDrift(kind: AnyKind, driftSeconds: number | undefined): AnyKind {
  return driftSeconds === undefined ? kind : { ...kind, driftSeconds }
}

/** Index of objects by what they refer to: `EcsCluster demo/main`. */
const REFERENCES = 'references'

function watch(
  kind: AnyKind,
  { cluster, clock, random, log, metrics }: Surroundings,
  { namespace }: ControllerSettings,
): Watched {
  const indexes = { [REFERENCES]: (object: KubeObject) => referencesOf(kind, object) }
  const selection = { namespace }
  return {
    kind,
    informer: new Informer({ cluster, type: resourceTypeOf(kind), selection, indexes, clock, random, log, metrics }),
  }
}

function referencesOf(kind: AnyKind, object: KubeObject): readonly string[] {
  const parsed = parseSpec(kind, object.spec)
  if (parsed.type === 'invalid') return []
  return kind.references(parsed.spec).map((reference) => {
    const namespace = reference.namespace ?? object.metadata.namespace
    return `${reference.kind} ${namespace}/${reference.name}`
  })
}

interface Neighbourhood {
  readonly watched: readonly Watched[]
  readonly around: Surroundings
  readonly settings: ControllerSettings
}

function createController({ kind, informer }: Watched, { watched, around, settings }: Neighbourhood): Controller {
  const { cluster, scopeFor, events, clock, random, log, metrics } = around
  const reconcile = createEngine({
    kind,
    type: resourceTypeOf(kind),
    cluster,
    store: informer.store,
    storeOf: (name) => {
      const found = watched.find((other) => other.kind.kind === name)
      return found && { kind: found.kind, store: found.informer.store }
    },
    scopeFor: (_, signal) => scopeFor(signal),
    events,
    clock,
    random,
    logger: log,
    settings,
  })
  const targets = watched.map((target) => referrers(informer, target))
  const { workers } = settings
  const name = kind.kind.toLowerCase()
  return new Controller({
    name,
    reconcile,
    sources: [ownObjects(informer), ...targets],
    workers,
    clock,
    random,
    log,
    metrics,
  })
}

/** Objects are reconciled the moment something that they refer to changes in what it provides. */
function referrers(own: Informer, target: Watched): Source {
  return mappedObjects(target.informer, (change) => {
    if (!matters(target.kind, change)) return []
    return own.store.byIndex(REFERENCES, `${target.kind.kind} ${keyOf(change.object)}`).map(keyOf)
  })
}

/** A count in the status of a cluster must not wake the thousand services in it. */
function matters(kind: AnyKind, change: InformerChange): boolean {
  if (change.type !== 'changed') return true
  return !isDeepStrictEqual(offered(kind, change.previous), offered(kind, change.object))
}

function offered(kind: AnyKind, object: KubeObject): object {
  const { deletionTimestamp, annotations } = object.metadata
  return { deletionTimestamp, annotations, outputs: kind.provides(statusOf(object)) }
}
