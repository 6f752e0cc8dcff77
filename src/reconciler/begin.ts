import { claimantFor } from '../aws/pace.ts'
import { Failure } from '../core/failure.ts'
import type { Owner } from '../core/owner.ts'
import type { KubeObject } from '../kube/cluster.ts'
import { PRIORITY } from '../runtime/reconcile.ts'
import { ignoredFields, withoutFields } from './annotations.ts'
import type { Composed } from './composed.ts'
import type { Freshness } from './freshness.ts'
import { createHandle } from './handle.ts'
import { hasFinalizer, requestsOf, statusOf } from './managed.ts'
import type { NewestObjects } from './newest.ts'
import type { EngineDeps, Pass } from './pass.ts'
import type { Scope } from './resource.ts'
import { parseSpec, type ParsedSpec } from './spec.ts'

interface Call extends Pick<Pass, 'attempts' | 'priority' | 'signal' | 'mayGlance' | 'isOver'> {
  readonly key: string
  readonly newest: Pick<NewestObjects, 'remember'>
  readonly freshness: Freshness
}

/** One pass over `object`. Nothing is read or written yet. */
export function openPass(deps: EngineDeps, object: KubeObject, { key, newest, freshness, ...call }: Call): Pass {
  const { name, namespace = '' } = object.metadata
  const owner: Owner = { installationId: deps.settings.installationId, namespace, kind: deps.kind.kind, name }
  const remember = (written: KubeObject): void => newest.remember(key, written)
  const { cluster, type } = deps
  const handle = createHandle(object, { cluster, type, remember, freshness, signal: call.signal })
  const logger = deps.logger.child({ kind: deps.kind.kind, namespace, name })
  return { deps, handle, owner, object, requests: requestsOf(object), logger, ...call }
}

/** The spec without the fields that others are to manage: those are only said when the AWS object is made. */
export function managedSpec({ deps, requests, object }: Pass): ParsedSpec {
  const { spec } = object
  const managed = parseSpec(deps.kind, withoutFields(spec, ignoredFields(requests)))
  const { inventory } = statusOf(object)
  const isMade = inventory === undefined ? hasFinalizer(object) : inventory.length > 0
  return isMade || managed.type === 'invalid' ? managed : parseSpec(deps.kind, spec)
}

/** What the object stands for in AWS. */
export function composeItems(
  pass: Pass,
  { accountId, region, partition }: Scope,
  { spec, references }: { readonly spec: unknown; readonly references: Readonly<Record<string, string>> },
): readonly Composed[] {
  return pass.deps.kind.compose({ owner: pass.owner, spec, references, accountId, region, partition })
}

/** The object's account and region. Credentials of another account than the one it was made in must do nothing. */
export async function openScope(pass: Pass): Promise<Scope> {
  const scope = await pass.deps.scopeFor(pass.object, pass.signal)
  const { accountId = scope.accountId, region = scope.region } = statusOf(pass.object)
  if (accountId === scope.accountId && region === scope.region) return actingFor(pass, scope)
  throw new Failure('wrong-account', 'sts:GetCallerIdentity', {
    message: `The object lives in account ${accountId}, region ${region}, but the credentials are for account ${scope.accountId}, region ${scope.region}`,
  })
}

function actingFor({ owner, priority, isOver }: Pass, scope: Scope): Scope {
  // A sweep looks at many objects at once, and has said before for whom it acts.
  if (priority <= PRIORITY.sweep) return scope
  const urgency = priority >= PRIORITY.userChange ? 'change' : 'drift'
  return { ...scope, aws: scope.aws.actingFor(claimantFor(owner, urgency), isOver) }
}
