import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { kinds as servedKinds } from '../../src/app/kinds.ts'
import type { Cluster, KubeObject, ResourceType } from '../../src/kube/cluster.ts'
import { createEngine } from '../../src/reconciler/engine.ts'
import type { AnyKind } from '../../src/reconciler/kind.ts'
import { resourceTypeOf } from '../../src/reconciler/api.ts'
import { statusOf } from '../../src/reconciler/managed.ts'
import type { Scope } from '../../src/reconciler/resource.ts'
import { Backoff } from '../../src/runtime/backoff.ts'
import type { RecordedEvent } from '../../src/runtime/event-recorder.ts'
import type { Reconcile, ReconcileResult } from '../../src/runtime/reconcile.ts'
import { keyOf } from '../../src/runtime/store.ts'
import { createFixedRandom } from '../support/fixed-random.ts'
import { createMemoryCluster, type MemoryCluster } from '../support/memory-cluster.ts'
import { createLogRecorder, type LogEntry } from '../support/recorders.ts'
import type { Around, ConformanceAws } from './aws.ts'

/** An installation of the operator: engines of all kinds over a cluster in memory and a (shared) simulated account. */
export interface World {
  readonly cluster: MemoryCluster
  readonly aws: ConformanceAws
  readonly events: readonly RecordedEvent[]
  readonly log: readonly LogEntry[]
  /** Applies manifests as `kubectl apply` would. */
  apply(...manifests: readonly Manifest[]): void
  remove(manifest: Manifest): Promise<void>
  object(manifest: Manifest): KubeObject | undefined
  /** Puts objects into the cluster as a backup has them: other uids, with finalizers and status. */
  restore(...objects: readonly KubeObject[]): Promise<void>
  /** Takes an object away without its finalizers being asked: as if a backup lacked it. */
  lose(manifest: Manifest): Promise<void>
  /** Reconciles what is due, winding the clock, until nothing is due for a minute. */
  settle(): Promise<void>
  /** Reconciles what is due for so long, at rest or not. */
  run(seconds: number): Promise<void>
  /** Number of passes so far. */
  passes(): number
  /** Looks at everything once more, as after a restart. */
  reconcileAll(): Promise<void>
  /** Ends the operator and starts it again: everything that was only in memory is gone. */
  restart(): void
  /** The operator will die after so many writes to AWS and to Kubernetes, without hearing of the last one, and be restarted. */
  crashAt(write: number): void
  hasCrashed(): boolean
  dropStatus(manifest: Manifest): Promise<void>
  /** The operator's credentials turn out to be those of another account. */
  useAccount(accountId: string): void
  /** The account and region, reached with the credentials of somebody else. */
  readonly scope: Scope
}

/** Who looks over the operator's shoulder. */
export interface Watcher {
  /** Called after each write of a status. */
  readonly onStatus?: (before: KubeObject, after: KubeObject) => void
  /** Called when an object is gone from the cluster. */
  readonly onGone?: (object: KubeObject) => Promise<void>
}

interface Process {
  readonly engines: ReadonlyMap<string, Reconcile>
  /** Resolves when it dies. */
  readonly death: Promise<'crashed'>
  readonly end: () => void
}

export type Manifest = Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata' | 'spec'>

export interface WorldOptions {
  readonly aws: ConformanceAws
  readonly installationId: string
  /** Absent: those that the operator serves. */
  readonly kinds?: readonly AnyKind[]
  readonly watcher?: Watcher
}

/** More virtual time than any example needs to come to rest. */
const PATIENCE_SECONDS = 3 * 3600
const SOON_SECONDS = 60
/** More passes than anything needs at once, and how many it may need after that. */
const BURST_PASSES = 100
const SECONDS_BETWEEN_PASSES = 4

export function createWorld({ aws, installationId, kinds = servedKinds, watcher = {} }: WorldOptions): World {
  const cluster = createMemoryCluster(() => aws.clock.now())
  const events: RecordedEvent[] = []
  const due = new Map<string, number>()
  const seen = new Map<string, string | undefined>()
  const signal = new AbortController().signal
  const { log, entries } = createLogRecorder()
  let backoff = createBackoff()
  let passes = 0
  let crash = { at: Infinity, happened: false }
  let { accountId } = aws
  let process = startProcess()

  /** One life of the operator. Once it is over, its calls neither happen nor answer. */
  function startProcess(): Process {
    const death = Promise.withResolvers<'crashed'>()
    let isAlive = true
    const unlessDead = (): Promise<void> => (isAlive ? Promise.resolve() : new Promise(() => {}))
    // Dying before a write leaves the same as dying after the write before it.
    const around: Around = async (call) => {
      await unlessDead()
      const answer = await call()
      if (--crash.at === 0) {
        crash = { at: Infinity, happened: true }
        isAlive = false
        death.resolve('crashed')
      }
      await unlessDead()
      return answer
    }
    const session = aws.sessionThrough(around)
    const scope: Scope = { accountId: aws.accountId, region: aws.region, partition: 'aws', aws: session }
    const end = (): void => void (isAlive = false)
    return { engines: startEngines(throughCluster(cluster, around, watcher), scope), death: death.promise, end }
  }

  function startEngines(reached: Cluster, scope: Scope): ReadonlyMap<string, Reconcile> {
    return new Map(
      kinds.map((kind) => [
        kind.kind,
        createEngine({
          kind,
          type: resourceTypeOf(kind),
          cluster: reached,
          store: cluster.storeOf(resourceTypeOf(kind)),
          storeOf: (name) => {
            const found = kinds.find((candidate) => candidate.kind === name)
            return found && { kind: found, store: cluster.storeOf(resourceTypeOf(found)) }
          },
          scopeFor: async () => ({ ...scope, accountId }),
          events: { record: (event) => void events.push(event) },
          mayWrite: () => true,
          sweeps: false,
          clock: aws.clock,
          random: createFixedRandom(0.5),
          logger: log,
          settings: { installationId, settleSeconds: 15, drift: 'Repair', blinkSeconds: 0.3 },
        }),
      ]),
    )
  }

  function restart(): void {
    process.end()
    process = startProcess()
    backoff = createBackoff()
    due.clear()
    seen.clear()
  }

  const objects = (): readonly KubeObject[] => kinds.flatMap((kind) => cluster.storeOf(resourceTypeOf(kind)).list())
  const idOf = (object: KubeObject): string => `${object.kind} ${keyOf(object)}`

  /** What changed, or whose reference may have changed, is due at once. */
  function noticeChanges(): void {
    const changed = objects().filter((object) => seen.get(idOf(object)) !== object.metadata.resourceVersion)
    for (const object of changed) seen.set(idOf(object), object.metadata.resourceVersion)
    if (changed.length === 0) return
    const waiting = objects().filter((object) => readyReason(object) === 'WaitingForReference')
    for (const object of [...changed, ...waiting]) due.set(idOf(object), aws.clock.now())
  }

  async function reconcileOne(object: KubeObject): Promise<void> {
    const id = idOf(object)
    const engine = process.engines.get(object.kind)
    if (engine === undefined) throw new Error(`no engine for ${object.kind}`)
    passes += 1
    const result = await aws.drive(Promise.race([engine(keyOf(object), signal), process.death]))
    const after = objects().find((other) => idOf(other) === id)
    if (after === undefined) await watcher.onGone?.(object)
    if (result === 'crashed') return restart()
    // Its own writes need no second look.
    seen.set(id, after?.metadata.resourceVersion)
    due.set(id, aws.clock.now() + pauseAfter(id, result) * 1000)
  }

  /** As the queue does it. */
  function pauseAfter(id: string, result: ReconcileResult): number {
    if (result.type === 'retry') return Math.max(backoff.nextSeconds(id), result.minimumSeconds)
    backoff.forget(id)
    return result.type === 'done' ? Infinity : result.seconds
  }

  function nextDue(): { readonly object: KubeObject; readonly at: number } | undefined {
    noticeChanges()
    return objects()
      .map((object) => ({ object, at: due.get(idOf(object)) ?? 0 }))
      .toSorted((a, b) => a.at - b.at)[0]
  }

  /** Takes the passes that are due until nothing is due before `until` any more. */
  async function work(until: () => number): Promise<void> {
    const began = { passes, at: aws.clock.now() }
    for (let next = nextDue(); next !== undefined && next.at < until(); next = nextDue()) {
      await aws.advance(Math.max(0, (next.at - aws.clock.now()) / 1000))
      await reconcileOne(next.object)
      const allowed = BURST_PASSES + (aws.clock.now() - began.at) / 1000 / SECONDS_BETWEEN_PASSES
      if (passes - began.passes > allowed) throw new Error(`it never rests: ${statesOf(objects())}`)
    }
  }

  async function settle(): Promise<void> {
    const end = aws.clock.now() + PATIENCE_SECONDS * 1000
    await work(() => Math.min(end, aws.clock.now() + SOON_SECONDS * 1000))
    if (aws.clock.now() + SOON_SECONDS * 1000 < end) return
    throw new Error(`not settled: ${statesOf(objects())}`)
  }

  async function run(seconds: number): Promise<void> {
    const end = aws.clock.now() + seconds * 1000
    await work(() => end)
    await aws.advance((end - aws.clock.now()) / 1000)
  }

  return {
    cluster,
    aws,
    events,
    log: entries,
    run,
    passes: () => passes,
    scope: { accountId: aws.accountId, region: aws.region, partition: 'aws', aws: aws.session },
    settle,
    apply: (...manifests) => {
      for (const manifest of manifests) cluster.apply(typeOf(manifest), manifest)
    },
    remove: (manifest) => cluster.remove(typeOf(manifest), manifest.metadata, signal),
    restore: async (...backup) => {
      for (const object of backup) {
        const { uid: _, resourceVersion: __, ...metadata } = object.metadata
        await cluster.create(typeOf(object), { ...object, metadata }, 'velero', signal)
      }
    },
    lose: async (manifest) => {
      const body = { metadata: { finalizers: null } }
      await cluster.mergePatch(typeOf(manifest), manifest.metadata, { fieldManager: 'somebody', body }, signal)
      await cluster.remove(typeOf(manifest), manifest.metadata, signal)
    },
    object: (manifest) => cluster.storeOf(typeOf(manifest)).get(keyOf(manifest)),
    reconcileAll: async () => {
      for (const object of objects()) await reconcileOne(object)
    },
    restart,
    crashAt: (at) => void (crash = { at, happened: false }),
    useAccount: (other) => void (accountId = other),
    hasCrashed: () => crash.happened,
    dropStatus: async (manifest) => {
      const patch = { fieldManager: 'somebody', subresource: 'status', body: { status: null } } as const
      await cluster.mergePatch(typeOf(manifest), manifest.metadata, patch, signal)
    },
  }
}

function kindOf(manifest: Pick<KubeObject, 'kind'>): AnyKind {
  const kind = servedKinds.find((candidate) => candidate.kind === manifest.kind)
  if (kind === undefined) throw new Error(`no kind ${manifest.kind}`)
  return kind
}

function typeOf(manifest: Pick<KubeObject, 'kind'>): ResourceType {
  return resourceTypeOf(kindOf(manifest))
}

export function readyReason(object: KubeObject): string | undefined {
  return statusOf(object).conditions?.find(({ type }) => type === 'Ready')?.reason
}

function statesOf(objects: readonly KubeObject[]): string {
  return objects.map((object) => `${object.kind} ${keyOf(object)} ${readyReason(object)}`).join('; ')
}

function createBackoff(): Backoff {
  return new Backoff({ random: createFixedRandom(0.5) })
}

/** A kind's example, after the examples of the objects that it refers to. */
export function exampleOf(kind: AnyKind): readonly Manifest[] {
  const [own] = documentsOf(kind)
  if (own === undefined) throw new Error(`${kind.kind} has no example`)
  const needs = (kind.references?.(own.spec) ?? []).flatMap((reference) => {
    const target = exampleOf(kindOf(reference))
    if (!target.some(({ metadata }) => metadata.name === reference.name)) {
      throw new Error(
        `the example of ${kind.kind} refers to ${reference.name}, which is not the example of ${reference.kind}`,
      )
    }
    return target
  })
  return [...needs, own]
}

function documentsOf(kind: AnyKind): readonly Manifest[] {
  const folder = kind.kind.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
  const text = readFileSync(new URL(`../../src/kinds/${folder}/example.yaml`, import.meta.url), 'utf8')
  return parseAllDocuments(text).map((document): Manifest => document.toJS())
}

/** The cluster as one process reaches it. */
function throughCluster(cluster: MemoryCluster, around: Around, { onStatus }: Watcher): Cluster {
  return {
    ...cluster,
    create: (...args) => around(() => cluster.create(...args)),
    mergePatch: (type, ref, patch, signal) =>
      around(async () => {
        const before = await cluster.get(type, ref, signal)
        const after = await cluster.mergePatch(type, ref, patch, signal)
        if (patch.subresource === 'status') onStatus?.(before, after)
        return after
      }),
    replace: (...args) => around(() => cluster.replace(...args)),
    remove: (...args) => around(() => cluster.remove(...args)),
  }
}
