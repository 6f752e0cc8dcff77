import type { KubeObject } from '../../../kube/cluster.ts'
import { elementsIn, memberOf, stringIn } from '../../../core/json.ts'
import { applyMergePatch, isSemanticallyEqual, mergePatchBetween } from '../../../kube/patch.ts'
import { resourceTypeOf } from '../../../reconciler/api.ts'
import type { AnyKind } from '../../../reconciler/kind.ts'
import { generationOf } from '../../../reconciler/managed.ts'
import type { Manifest } from './manifests.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The object that the cluster would have after the manifest was applied. */
export function merged(kind: AnyKind, manifest: Manifest, live: KubeObject | undefined): KubeObject {
  return live === undefined ? newObject(kind, manifest) : changedObject(manifest, live)
}

function newObject(kind: AnyKind, { metadata, spec }: Manifest): KubeObject {
  const { group, version } = resourceTypeOf(kind)
  return { apiVersion: `${group}/${version}`, kind: kind.kind, metadata: { ...metadata, generation: 1 }, spec }
}

function changedObject(manifest: Manifest, live: KubeObject): KubeObject {
  const applied = lastApplied(live) ?? { spec: appliedOnServer(live) }
  const spec = applyThreeWay(memberOf(applied, 'spec'), manifest.spec, live.spec)
  const annotations = applyThreeWay(
    memberOf(memberOf(applied, 'metadata'), 'annotations'),
    manifest.metadata.annotations,
    live.metadata.annotations,
  )
  const generation = generationOf(live) + (isSemanticallyEqual(spec, live.spec) ? 0 : 1)
  return { ...live, metadata: { ...live.metadata, generation, annotations: textsFrom(annotations) }, spec }
}

/**
 * As `kubectl apply` does with custom resources: what the manifest says, over what the cluster has, without what an
 * earlier manifest said and this one does not.
 */
function applyThreeWay(applied: unknown, wanted: unknown, live: unknown): unknown {
  const removals = onlyRemovals(mergePatchBetween(Object(applied ?? {}), Object(wanted ?? {})))
  return applyMergePatch(applyMergePatch(live ?? {}, removals), wanted ?? {})
}

function onlyRemovals(patch: unknown): Readonly<Record<string, unknown>> {
  const members = typeof patch === 'object' && patch !== null ? Object.entries(patch) : []
  const nested = (value: unknown): boolean => typeof value === 'object' && !Array.isArray(value)
  return Object.fromEntries(
    members.flatMap(([key, value]) =>
      nested(value) ? [[key, value === null ? null : onlyRemovals(value)] as const] : [],
    ),
  )
}

function lastApplied({ metadata }: KubeObject): unknown {
  const text = stringIn(metadata.annotations, LAST_APPLIED)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Without kubectl's note, the members that somebody applied on the server's side count as applied by whoever applies now. */
function appliedOnServer({ metadata, spec }: KubeObject): unknown {
  const entries = elementsIn(metadata, 'managedFields').filter((entry) => stringIn(entry, 'operation') === 'Apply')
  const owned = new Set(
    entries.flatMap((entry) => Object.keys(Object(memberOf(memberOf(entry, 'fieldsV1'), 'f:spec')))),
  )
  return Object.fromEntries(Object.entries(Object(spec ?? {})).filter(([key]) => owned.has(`f:${key}`)))
}

function textsFrom(value: unknown): Readonly<Record<string, string>> {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return Object.fromEntries(members.map(([key, text]) => [key, String(text)]))
}
