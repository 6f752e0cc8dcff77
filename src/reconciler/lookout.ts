import { sweepClaimant } from '../aws/pace.ts'
import { Failure } from '../core/failure.ts'
import { isPassing } from '../core/retry.ts'
import { mergePatchBetween } from '../kube/patch.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { PRIORITY } from '../runtime/reconcile.ts'
import { keyOf } from '../runtime/store.ts'
import { Slices } from '../runtime/turn.ts'
import { noAttempts } from './attempts.ts'
import { composeItems, managedSpec, openPass, openScope } from './begin.ts'
import { noFreshness } from './freshness.ts'
import { inventoryFrom } from './inventory.ts'
import { isForgotten, isLeftUnsettled, isSettled, statusOf } from './managed.ts'
import type { Reconciled } from './outcome.ts'
import type { EngineDeps, Pass } from './pass.ts'
import type { Scope } from './resource.ts'
import type { ConvergeInput } from './steps/converge.ts'
import { catchGlimpse, judge, type Glimpse } from './steps/glance.ts'
import { statusAfter } from './steps/report.ts'
import { resolveReferences, strayReferences } from './steps/resolve.ts'

/** Looks for drift in many objects of a kind at once. */
export interface Lookout {
  /**
   * Keys of the objects that no pass is due for: those that were as they should be when we last looked, neighbours in AWS
   * beside each other, those whose status somebody has spoilt, and those that seem to have been given up.
   */
  readonly keys: () => Promise<readonly string[]>
  /** Glances at these objects in AWS, in full batches, and answers which of them need a pass. Writes nothing. */
  readonly glanceAt: (keys: readonly string[], signal: AbortSignal) => Promise<readonly string[]>
}

export function createLookout(deps: EngineDeps): Lookout {
  const isNobodys = (object: KubeObject): boolean =>
    isForgotten(object) || isLeftUnsettled(object, deps.clock.now(), deps.kind.driftSeconds)
  const glanceAt: Lookout['glanceAt'] = async (keys, signal) => {
    const slices = new Slices(deps.clock)
    const together = actingTogether(deps)
    const prepared: Prepared[] = []
    const unseen: string[] = []
    for (const key of keys) {
      const object = deps.store.get(key)
      if (object !== undefined && isSettled(object)) prepared.push(await prepare(together, object, signal))
      else if (object !== undefined && isNobodys(object)) unseen.push(key)
      await slices.breathe()
    }
    // All together, so that what AWS tells of many things is asked for many.
    const seen = await Promise.all(prepared.map(see))
    const calls: string[] = []
    for (const each of seen) {
      if (!isQuiet(each)) calls.push(each.key)
      await slices.breathe()
    }
    return [...unseen, ...calls]
  }
  const isOurs = (object: KubeObject): boolean =>
    deps.isSelected?.(object) !== false && (isSettled(object) || isNobodys(object))
  return { keys: () => inOrder(deps, isOurs), glanceAt }
}

/** For a group of objects: their calls are those of one sweep, made through one session. */
function actingTogether(deps: EngineDeps): EngineDeps {
  const claimant = sweepClaimant(deps.kind.kind)
  let known: { readonly own: Scope; readonly acting: Scope } | undefined
  const scopeFor: EngineDeps['scopeFor'] = async (object, signal) => {
    const own = await deps.scopeFor(object, signal)
    if (known?.own !== own) known = { own, acting: { ...own, aws: own.aws.actingFor(claimant) } }
    return known.acting
  }
  return { ...deps, scopeFor }
}

/** Keys by the last thing that was made for each: for a service that is its cluster and name. In slices: there may be many. */
async function inOrder(
  { store, clock }: Pick<EngineDeps, 'store' | 'clock'>,
  isOurs: (object: KubeObject) => boolean,
): Promise<readonly string[]> {
  const slices = new Slices(clock)
  const placed: { readonly key: string; readonly place: string }[] = []
  for (const object of store.list()) {
    if (isOurs(object)) placed.push({ key: keyOf(object), place: placeOf(object) })
    await slices.breathe()
  }
  return placed.toSorted((a, b) => (a.place < b.place ? -1 : Number(a.place > b.place))).map(({ key }) => key)
}

function placeOf(object: KubeObject): string {
  return statusOf(object).inventory?.at(-1)?.id ?? ''
}

interface Prepared {
  readonly key: string
  readonly pass: Pass
  /** Undefined: it cannot be said what the object stands for. */
  readonly look: Look | Failure | undefined
}

interface Look {
  readonly input: ConvergeInput
  readonly spec: unknown
}

async function prepare(deps: EngineDeps, object: KubeObject, signal: AbortSignal): Promise<Prepared> {
  const key = keyOf(object)
  const pass = openPass(deps, object, {
    key,
    newest: nobody,
    freshness: noFreshness,
    attempts: noAttempts,
    priority: PRIORITY.sweep,
    signal,
    mayGlance: true,
  })
  return { key, pass, look: await lookOf(pass).catch(failureOf) }
}

const nobody = { remember: () => undefined }

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  throw error
}

async function lookOf(pass: Pass): Promise<Look | undefined> {
  const managed = managedSpec(pass)
  if (managed.type === 'invalid') return undefined
  const { spec } = managed
  const references = resolveReferences(pass, pass.deps.kind.references?.(spec))
  if (references.type === 'missing') return undefined
  const scope = await openScope(pass)
  if (strayReferences(references, scope).length > 0) return undefined
  const items = composeItems(pass, scope, { spec, references: references.values })
  const inventory = inventoryFrom(statusOf(pass.object).inventory ?? [])
  return { input: { pass, scope, items, removal: { policy: undefined, force: false }, inventory }, spec }
}

interface Seen extends Prepared {
  readonly glimpse: Glimpse | undefined
}

async function see(prepared: Prepared): Promise<Seen> {
  const { look } = prepared
  const isReady = look !== undefined && !(look instanceof Failure)
  return { ...prepared, glimpse: isReady ? await catchGlimpse(look.input, 'sweep') : undefined }
}

/** Whether a pass would change nothing, neither in AWS nor in status, as far as a glance can tell. */
function isQuiet({ pass, look, glimpse }: Seen): boolean {
  if (look instanceof Failure) return isPassing(look.code)
  const result = glimpse && judge(glimpse)
  if (look === undefined || result === undefined) return false
  // What could not be seen now will be seen in the next sweep.
  if (result.problems.length > 0) return result.problems.every(({ code }) => isPassing(code))
  const { scope } = look.input
  const outcome: Reconciled = { type: 'reconciled', goal: 'present', ...result, scope, spec: look.spec }
  const status = statusOf(pass.object)
  return mergePatchBetween(status, statusAfter(pass, outcome, status)) === undefined
}
