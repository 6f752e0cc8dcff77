import { Failure } from '../core/failure.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { PRIORITY, type Reconcile, type ReconcileResult } from '../runtime/reconcile.ts'
import { createAttempts } from './attempts.ts'
import { annotationBlocks } from './annotations.ts'
import { createCloseLooks } from './close-looks.ts'
import { composeItems, managedSpec, openPass, openScope } from './begin.ts'
import { createBlink } from './blink.ts'
import type { Composed } from './composed.ts'
import { createFreshness } from './freshness.ts'
import { ObjectWriteError } from './handle.ts'
import { generationOf, isBeingDeleted, isSettled, statusOf } from './managed.ts'
import { createNewestObjects } from './newest.ts'
import { blocked, failed, waiting, type Outcome } from './outcome.ts'
import type { EngineDeps, Pass } from './pass.ts'
import type { Scope } from './resource.ts'
import { acknowledgeLater, takeResponsibility } from './steps/acknowledge.ts'
import { converge, type ConvergeInput } from './steps/converge.ts'
import { finalize } from './steps/finalize.ts'
import { glance } from './steps/glance.ts'
import { fillInSpec, report, reportPaused } from './steps/report.ts'
import { resolveReferences, strayReferences } from './steps/resolve.ts'
import { loadInventory } from './steps/restore.ts'
import { parseSpec } from './spec.ts'
import { isPostponed, lookForDrift, resultOf, resultOfSettled } from './verdict.ts'

/**
 * The reconcile function of one kind.
 *
 * Flow: load → acknowledge → resolve → restore → observe → preview → record → apply → report.
 * Guarantees: what must survive a crash is in status before the AWS write that it protects; a status that would not
 * change is not written; a user's mistake ends in a condition, never in a thrown error.
 * Errors: `conflict` (somebody else changed the object in between) is answered with a new try; bugs are thrown.
 */
export function createEngine(given: EngineDeps): Reconcile {
  const blink = createBlink(given.clock, given.settings.blinkSeconds)
  const deps = { ...given, cluster: blink.timing(given.cluster) }
  const newest = createNewestObjects(deps.store)
  const freshness = createFreshness(deps)
  const attempts = createAttempts(deps.clock)
  const closeLooks = createCloseLooks(deps)
  return async (key, signal, priority = PRIORITY.userChange) => {
    const object = newest.newest(key)
    // What is not ours any more is left as it is, in the middle of whatever it was: another operator may go on there.
    if (object === undefined || deps.isSelected?.(object) === false) {
      closeLooks.forget(key)
      attempts.forget(key)
      return { type: 'done' }
    }
    const mayGlance = isWatching(object, priority) && closeLooks.isRecent(key)
    if (!mayGlance) closeLooks.begin(key)
    let isOver = false
    const call = {
      key,
      newest,
      freshness,
      attempts: attempts.of(key),
      priority,
      signal,
      mayGlance,
      isOver: () => isOver,
    }
    const pass = openPass(deps, object, call)
    const cancelAcknowledgement = acknowledgeLater(pass, blink.seconds())
    try {
      const outcome = await reconcile(pass)
      cancelAcknowledgement()
      return await conclude(pass, outcome)
    } catch (error) {
      if (isAway(error)) newest.forget(key)
      return startOver(pass, error)
    } finally {
      cancelAcknowledgement()
      isOver = true
    }
  }
}

/** What a pass over a key of the first list comes to, when the object was settled then and sweeps look at it. */
export function createForegone(
  deps: Pick<EngineDeps, 'sweeps' | 'store' | 'kind' | 'clock' | 'random'>,
): (key: string, priority: number) => ReconcileResult | undefined {
  return (key, priority) => {
    if (priority !== PRIORITY.initialList || !deps.sweeps) return undefined
    const object = deps.store.get(key)
    return object !== undefined && isSettled(object) ? resultOfSettled(deps) : undefined
  }
}

/** What a pass comes to, before it is reported: the acknowledgement, reads, decisions and, unless it is restrained, writes. */
export async function reconcile(pass: Pass): Promise<Outcome> {
  if (pass.requests['paused'] === 'true') return { type: 'paused' }
  const misspelt = annotationBlocks(pass.requests)
  if (misspelt.length > 0) return blocked(...misspelt)
  try {
    return isBeingDeleted(pass.object) ? await remove(pass) : await make(pass)
  } catch (error) {
    return failed(error)
  }
}

async function make(pass: Pass): Promise<Outcome> {
  const { kind } = pass.deps
  const managed = managedSpec(pass)
  if (managed.type === 'invalid') return blocked(...managed.blocks)
  await takeResponsibility(pass)

  const { spec } = managed
  const references = resolveReferences(pass, kind.references?.(spec))
  // If status was lost, what the object owns stays unknown until then: searching AWS for its tags costs a call for each thing
  // of the account, and may miss what was just made, so that only a deletion, which cannot wait, does it.
  if (references.type === 'missing') return { ...waiting(...references.waits), spec }

  const scope = await openScope(pass)
  const strays = strayReferences(references, scope)
  // Without its scope: what was not made yet is not pinned to a place that may be the wrong one.
  if (strays.length > 0) return { ...blocked(...strays), spec }
  const items = composeItems(pass, scope, { spec, references: references.values })
  const inventory = await loadInventory(pass, scope, items)
  const input: ConvergeInput = { pass, scope, items, removal: { policy: undefined, force: false }, inventory }
  const result = (pass.mayGlance ? await glance(input, 'wait') : undefined) ?? (await converge(input))
  return { type: 'reconciled', goal: 'present', ...result, scope, spec }
}

/**
 * Whether this pass only follows what goes on in AWS by itself: then a glance is enough, unless it shows something new. What
 * waits for AWS to show something at all has not seen yet what is left to do.
 */
function isWatching(object: KubeObject, priority: number): boolean {
  const { observedGeneration, waitingFor, conditions = [], inventory } = statusOf(object)
  if (priority >= PRIORITY.userChange || observedGeneration !== generationOf(object)) return false
  const ready = conditions.find(({ type }) => type === 'Ready')
  if (inventory === undefined || ready?.reason === 'Settling') return false
  return waitingFor !== undefined && ready?.message === waitingFor.message
}

async function remove(pass: Pass): Promise<Outcome> {
  const { kind } = pass.deps
  const parsed = parseSpec(kind, pass.object.spec)
  const compose = (scope: Scope): readonly Composed[] | undefined => {
    if (parsed.type === 'invalid') return undefined
    const references = resolveReferences(pass, kind.references?.(parsed.spec))
    // Where the object lives was in its status; what it made is where that is to which it refers.
    const [stray] = strayReferences(references, scope)
    if (stray !== undefined) throw new Failure('wrong-account', 'restore', { message: stray.message })
    if (references.type === 'missing') return undefined
    return composeItems(pass, scope, { spec: parsed.spec, references: references.values })
  }
  const force = parsed.type === 'valid' && (kind.forceDelete?.(parsed.spec) ?? false)
  return finalize({ pass, openScope: () => openScope(pass), compose, force })
}

async function conclude(pass: Pass, outcome: Outcome): ReturnType<Reconcile> {
  switch (outcome.type) {
    case 'gone':
      return { type: 'done' }
    case 'paused':
      await reportPaused(pass)
      // A status that is lost wakes nobody: without another look the object would never say again why nothing happens.
      return lookForDrift(pass.deps)
    case 'reconciled':
      await fillInSpec(pass, outcome)
      pass.attempts.continues(generationOf(pass.object), generationOf(pass.handle.current()))
      if (!isPostponed(outcome, statusOf(pass.object), generationOf(pass.object))) await report(pass, outcome)
      return resultOf(outcome, { ...pass.deps, priority: pass.priority })
  }
}

/** The object that this pass works from is there no more. */
function isAway(error: unknown): boolean {
  return error instanceof ObjectWriteError && error.failure.code === 'not-found'
}

/** A failed write to the object means that it changed or that the API server is busy: the next pass starts over. */
function startOver(pass: Pass, error: unknown): Awaited<ReturnType<Reconcile>> {
  const failure = error instanceof ObjectWriteError ? error.failure : error
  if (!(failure instanceof Failure)) throw error
  const { code, operation, retryAfterSeconds = 0 } = failure
  pass.logger.debug({ code, operation, generation: generationOf(pass.object) }, 'pass starts over')
  return { type: 'retry', minimumSeconds: retryAfterSeconds }
}
