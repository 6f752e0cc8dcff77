import { outputsIn } from '../core/output.ts'
import type { Block, Step, Wait } from '../core/plan.ts'
import { Failure } from '../core/failure.ts'
import { silent } from '../core/silence.ts'
import type { Cluster, KubeObject } from '../kube/cluster.ts'
import { applyMergePatch } from '../kube/patch.ts'
import { PRIORITY } from '../runtime/reconcile.ts'
import { noAttempts } from './attempts.ts'
import { annotationBlocks } from './annotations.ts'
import { reconcile } from './engine.ts'
import type { ObjectHandle } from './handle.ts'
import { entryKey } from './inventory.ts'
import { isBeingDeleted, requestsOf, statusOf, type ObjectStatus } from './managed.ts'
import { failed, type Finding, type Outcome, type Problem, type Reconciled } from './outcome.ts'
import type { EngineDeps, Pass } from './pass.ts'
import { restraintOf, type Restraint } from './restraint.ts'

/** What a rehearsal needs from outside: the parts of the engine's surroundings that read. */
export type RehearsalDeps = Pick<EngineDeps, 'kind' | 'type' | 'storeOf' | 'scopeFor' | 'clock' | 'random' | 'settings'>

/** A step that the operator would take. */
export interface RehearsedStep {
  /** `Resource.type`. */
  readonly type: string
  /** What AWS finds the thing by. */
  readonly id: string
  readonly step: Step
  /** `ecs:UpdateService`. */
  readonly call: string | undefined
  /** What AWS has now. */
  readonly observed: readonly unknown[]
  /** It waits for a value that an earlier step provides. */
  readonly isHeld: boolean
}

export interface Rehearsal {
  readonly steps: readonly RehearsedStep[]
  readonly waits: readonly Wait[]
  readonly blocks: readonly Block[]
  readonly problems: readonly Problem[]
  /** What would keep the operator from taking the steps: its owner's own words. */
  readonly restraint: Restraint | 'paused'
}

/** More layers than any inventory has: what depends on something leaves before it. */
const MAX_LAYERS = 10

/**
 * Walks the object through the operator's own pass without its effects.
 *
 * Guarantees: nothing is written, neither to AWS nor to Kubernetes: the pass is restrained to observing, its object lives
 * in memory, and where it could write stands something that refuses.
 * Caveats: an upper bound; a step whose value an earlier one provides may turn out to be unnecessary.
 */
export async function rehearse(deps: RehearsalDeps, object: KubeObject, signal: AbortSignal): Promise<Rehearsal> {
  const restraint = restraintFor(openPass(deps, object, signal), object)
  const misspelt = annotationBlocks(requestsOf(object))
  if (misspelt.length > 0) return { ...nothing, blocks: misspelt, restraint }
  if (restraint === 'paused') return { ...nothing, restraint }

  const layers: Rehearsed[] = []
  let next: KubeObject | undefined = object
  while (next !== undefined && layers.length < MAX_LAYERS) {
    const outcome: Outcome = await reconcile(openPass(deps, next, signal)).catch(failed)
    if (outcome.type !== 'reconciled') break
    layers.push(layerFrom(deps, outcome, requestsOf(object)))
    next = withoutWhatLeft(next, outcome)
  }
  const isPending = layers.some(({ isAdoptionPending: pending }) => pending)
  return { ...joined(layers), restraint: isPending && restraint === 'none' ? 'adopt' : restraint }
}

type Rehearsed = Omit<Rehearsal, 'restraint'> & { readonly isAdoptionPending: boolean }

const nothing = { steps: [], waits: [], blocks: [], problems: [] }

function openPass(deps: RehearsalDeps, object: KubeObject, signal: AbortSignal): Pass {
  const { name, namespace = '' } = object.metadata
  const owner = { installationId: deps.settings.installationId, namespace, kind: deps.kind.kind, name }
  const requests = { ...requestsOf(object), paused: 'false', mode: 'Observe' }
  const full: EngineDeps = { ...deps, ...harmless, isRehearsal: true }
  const handle = createMemoryHandle(object)
  return {
    deps: full,
    handle,
    owner,
    attempts: noAttempts,
    object,
    requests,
    priority: PRIORITY.userChange,
    mayGlance: false,
    logger: silent,
    signal,
  }
}

function restraintFor(pass: Pass, object: KubeObject): Rehearsal['restraint'] {
  const requests = requestsOf(object)
  return requests['paused'] === 'true' ? 'paused' : restraintOf({ ...pass, requests })
}

function layerFrom({ kind }: RehearsalDeps, outcome: Reconciled, { adopt }: Pass['requests']): Rehearsed {
  const { waits, blocks, problems } = outcome
  const findings = [...outcome.findings.values()]
  const steps = findings.flatMap((finding) => stepsOf(finding, kind))
  const isTakingOver = findings.some(({ isAdopting }) => isAdopting)
  const isMore = steps.some(({ step }) => step.adopts !== true)
  return { steps, waits, blocks, problems, isAdoptionPending: adopt !== 'accept' && isTakingOver && isMore }
}

function stepsOf({ subject, held, observation }: Finding, kind: RehearsalDeps['kind']): readonly RehearsedStep[] {
  if (subject === undefined) return []
  const calls = kind.resources.find(({ type }) => type === subject.type)?.calls
  const observed = observation.type === 'unknown' ? [] : (observation.items ?? [])
  return held.map((step) => {
    return { ...subject, step, call: calls?.[step.type], observed, isHeld: outputsIn(step).length > 0 }
  })
}

/** The object as it would be once these steps of its deletion were through; undefined: it is not, or nothing is left. */
function withoutWhatLeft(object: KubeObject, { findings, inventory }: Reconciled): KubeObject | undefined {
  if (!isBeingDeleted(object) || inventory === undefined) return undefined
  const left = [...findings.values()].flatMap(({ subject, held }) => (subject && held.length > 0 ? [subject] : []))
  if (left.length === 0) return undefined
  const gone = new Set(left.map(entryKey))
  const rest = [...inventory].filter(([key]) => !gone.has(key)).map(([, entry]) => entry)
  return rest.length === 0 ? undefined : { ...object, status: { ...statusOf(object), inventory: rest } }
}

function joined(layers: readonly Rehearsed[]): Omit<Rehearsal, 'restraint'> {
  // What a later layer waits for follows from the ones before it.
  const [first] = layers
  return {
    steps: layers.flatMap(({ steps }) => steps),
    waits: first?.waits ?? [],
    blocks: layers.flatMap(({ blocks }) => blocks),
    problems: layers.flatMap(({ problems }) => problems),
  }
}

/** Takes every write to the object, and keeps it to itself. */
function createMemoryHandle(object: KubeObject): ObjectHandle {
  let current = object
  return {
    current: () => current,
    patch: ({ metadata, spec }) => {
      const named = { ...current.metadata, ...Object(applyMergePatch(current.metadata, metadata ?? {})) }
      current = { ...current, metadata: named, spec: applyMergePatch(current.spec, spec ?? {}) }
      return Promise.resolve()
    },
    confirm: () => Promise.resolve(),
    writeStatus: (next: (status: ObjectStatus) => ObjectStatus) => {
      current = { ...current, status: next(statusOf(current)) }
      return Promise.resolve()
    },
  }
}

function refuse(): never {
  throw new Failure('unexpected', 'rehearse', { message: 'a rehearsal reaches no cluster and writes nothing' })
}

const refusingCluster: Cluster = {
  get: refuse,
  list: refuse,
  watch: refuse,
  create: refuse,
  mergePatch: refuse,
  replace: refuse,
  remove: refuse,
}

const emptyStore = { get: () => undefined, list: () => [], byIndex: () => [] }

const harmless = {
  cluster: refusingCluster,
  store: emptyStore,
  events: { record: () => {} },
  mayWrite: () => false,
  sweeps: false,
  logger: silent,
} satisfies Partial<EngineDeps>
