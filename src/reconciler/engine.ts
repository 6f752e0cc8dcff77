import { claimantFor } from '../aws/pace.ts'
import { Failure } from '../core/failure.ts'
import type { Owner } from '../core/owner.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { PRIORITY, type Reconcile } from '../runtime/reconcile.ts'
import { annotationBlocks, ignoredFields, withoutFields } from './annotations.ts'
import type { Composed } from './composed.ts'
import { createHandle, ObjectWriteError } from './handle.ts'
import { generationOf, hasFinalizer, isBeingDeleted, requestsOf, statusOf } from './managed.ts'
import { createNewestObjects, type NewestObjects } from './newest.ts'
import { blocked, failed, waiting, type Outcome } from './outcome.ts'
import type { EngineDeps, Pass } from './pass.ts'
import { renameBlocks } from './rename.ts'
import type { Scope } from './resource.ts'
import { acknowledgeLater, takeResponsibility } from './steps/acknowledge.ts'
import { converge } from './steps/converge.ts'
import { finalize } from './steps/finalize.ts'
import { fillInSpec, report, reportPaused } from './steps/report.ts'
import { resolveReferences } from './steps/resolve.ts'
import { loadInventory } from './steps/restore.ts'
import { parseSpec, type ParsedSpec } from './spec.ts'
import { isPostponed, lookForDrift, resultOf } from './verdict.ts'

/**
 * The reconcile function of one kind.
 *
 * Flow: load → acknowledge → resolve → restore → observe → preview → record → apply → report.
 * Guarantees: what must survive a crash is in status before the AWS write that it protects; a status that would not
 * change is not written; a user's mistake ends in a condition, never in a thrown error.
 * Errors: `conflict` (somebody else changed the object in between) is answered with a new try; bugs are thrown.
 */
export function createEngine(deps: EngineDeps): Reconcile {
  const newest = createNewestObjects()
  return async (key, signal, priority = PRIORITY.userChange) => {
    const object = newest.newest(key, deps.store.get(key))
    if (object === undefined) return { type: 'done' }

    const pass = openPass(deps, object, { key, newest, priority, signal })
    const cancelAcknowledgement = acknowledgeLater(pass)
    try {
      const outcome = await reconcile(pass)
      cancelAcknowledgement()
      return await conclude(pass, outcome)
    } catch (error) {
      return startOver(pass, error)
    } finally {
      cancelAcknowledgement()
    }
  }
}

interface Call extends Pick<Pass, 'priority' | 'signal'> {
  readonly key: string
  readonly newest: NewestObjects
}

function openPass(deps: EngineDeps, object: KubeObject, { key, newest, priority, signal }: Call): Pass {
  const { name, namespace = '' } = object.metadata
  const owner: Owner = { installationId: deps.settings.installationId, namespace, kind: deps.kind.kind, name }
  const remember = (written: KubeObject): void => newest.remember(key, written)
  const handle = createHandle(object, { cluster: deps.cluster, type: deps.type, remember, signal })
  const logger = deps.logger.child({ kind: deps.kind.kind, namespace, name })
  return { deps, handle, owner, object, requests: requestsOf(object), priority, logger, signal }
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
  const references = resolveReferences(pass, kind.references(spec))
  if (references.type === 'missing') return { ...waiting(...references.waits), spec }

  const scope = await openScope(pass)
  const items = composeItems(pass, scope, { spec, references: references.values })
  const inventory = await loadInventory(pass, scope, items)
  const renames = renameBlocks(kind, items, inventory)
  if (renames.length > 0) return { ...blocked(...renames), scope }
  const result = await converge({ pass, scope, items, removal: { policy: undefined, force: false }, inventory })
  return { type: 'reconciled', goal: 'present', ...result, scope, spec }
}

/** The spec without the fields that others are to manage: those are only said when the AWS object is made. */
function managedSpec({ deps, requests, object }: Pass): ParsedSpec {
  const { spec } = object
  const managed = parseSpec(deps.kind, withoutFields(spec, ignoredFields(requests)))
  const { inventory } = statusOf(object)
  const isMade = inventory === undefined ? hasFinalizer(object) : inventory.length > 0
  return isMade || managed.type === 'invalid' ? managed : parseSpec(deps.kind, spec)
}

function composeItems(
  pass: Pass,
  { accountId, region, partition }: Scope,
  { spec, references }: { readonly spec: unknown; readonly references: Readonly<Record<string, string>> },
): readonly Composed[] {
  return pass.deps.kind.compose({ owner: pass.owner, spec, references, accountId, region, partition })
}

async function remove(pass: Pass): Promise<Outcome> {
  const { kind } = pass.deps
  const parsed = parseSpec(kind, pass.object.spec)
  const compose = (scope: Scope): readonly Composed[] | undefined => {
    if (parsed.type === 'invalid') return undefined
    const references = resolveReferences(pass, kind.references(parsed.spec))
    return references.type === 'missing'
      ? undefined
      : composeItems(pass, scope, { spec: parsed.spec, references: references.values })
  }
  const force = parsed.type === 'valid' && (kind.forceDelete?.(parsed.spec) ?? false)
  return finalize({ pass, openScope: () => openScope(pass), compose, force })
}

/** The object's account and region. Credentials of another account than the one it was made in must do nothing. */
async function openScope(pass: Pass): Promise<Scope> {
  const scope = await pass.deps.scopeFor(pass.object, pass.signal)
  const { accountId = scope.accountId, region = scope.region } = statusOf(pass.object)
  if (accountId === scope.accountId && region === scope.region) return actingFor(pass, scope)
  throw new Failure('wrong-account', 'sts:GetCallerIdentity', {
    message: `The object lives in account ${accountId}, region ${region}, but the credentials are for account ${scope.accountId}, region ${scope.region}`,
  })
}

function actingFor({ owner, priority }: Pass, scope: Scope): Scope {
  const urgency = priority >= PRIORITY.userChange ? 'change' : 'drift'
  return { ...scope, aws: scope.aws.actingFor(claimantFor(owner, urgency)) }
}

async function conclude(pass: Pass, outcome: Outcome): ReturnType<Reconcile> {
  switch (outcome.type) {
    case 'gone':
      return { type: 'done' }
    case 'paused':
      await reportPaused(pass)
      // A status that is lost wakes nobody: without another look the object would never say again why nothing happens.
      return lookForDrift(pass.deps.kind.driftSeconds, pass.deps.random)
    case 'reconciled':
      await fillInSpec(pass, outcome)
      if (!isPostponed(outcome, statusOf(pass.object), generationOf(pass.object))) await report(pass, outcome)
      return resultOf(outcome, { driftSeconds: pass.deps.kind.driftSeconds, ...pass.deps, ...pass })
  }
}

/** A failed write to the object means that it changed or that the API server is busy: the next pass starts over. */
function startOver(pass: Pass, error: unknown): Awaited<ReturnType<Reconcile>> {
  const failure = error instanceof ObjectWriteError ? error.failure : error
  if (!(failure instanceof Failure)) throw error
  const { code, operation, retryAfterSeconds = 0 } = failure
  pass.logger.debug({ code, operation, generation: generationOf(pass.object) }, 'pass starts over')
  return { type: 'retry', minimumSeconds: retryAfterSeconds }
}
