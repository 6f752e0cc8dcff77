import type { KubeObject } from '../../kube/cluster.ts'
import type { Wait } from '../../core/plan.ts'
import type { AnyKind, Reference } from '../kind.ts'
import { isBeingDeleted, requestsOf, statusOf } from '../managed.ts'
import type { Pass } from '../pass.ts'

export type Resolution =
  | { readonly type: 'resolved'; readonly values: Readonly<Record<string, string>> }
  | { readonly type: 'missing'; readonly waits: readonly Wait[] }

/** Looks up the value that each reference stands for. A reference waits for the target's output, not for its readiness. */
export function resolveReferences(pass: Pass, references: readonly Reference[]): Resolution {
  const found = references.map((reference) => [reference, resolveOne(pass, reference)] as const)
  const waits = found.flatMap(([, value]) => (typeof value === 'string' ? [] : [value]))
  if (waits.length > 0) return { type: 'missing', waits }
  return {
    type: 'resolved',
    values: Object.fromEntries(
      found.flatMap(([{ field }, value]) => (typeof value === 'string' ? [[field, value]] : [])),
    ),
  }
}

/** The target has to come; its event wakes the object, so the poll is only a safety net. */
const POLL_SECONDS = 60

function resolveOne(pass: Pass, reference: Reference): string | Wait {
  const namespace = reference.namespace ?? pass.owner.namespace
  const name = `${reference.kind} ${namespace}/${reference.name}`
  const wait = (problem: string): Wait => ({
    reason: 'WaitingForReference',
    message: `spec.${reference.field}: ${name} ${problem}`,
    pollSeconds: POLL_SECONDS,
  })

  const target = pass.deps.storeOf(reference.kind)
  const object = target?.store.get(`${namespace}/${reference.name}`)
  if (target === undefined || object === undefined) return wait('does not exist')
  if (isBeingDeleted(object)) return wait('is being deleted')
  if (!isGranted(object, pass.owner.namespace)) {
    return wait(
      `does not allow references from namespace ${pass.owner.namespace}: annotate it with longshore.dev/allow-references-from`,
    )
  }
  return outputOf(target.kind, object, reference.output) ?? wait('is not ready to be used yet')
}

function outputOf(kind: AnyKind, object: KubeObject, output: string): string | undefined {
  return kind.provides(statusOf(object))[output]
}

function isGranted(object: KubeObject, namespace: string): boolean {
  if (object.metadata.namespace === undefined || object.metadata.namespace === namespace) return true
  const allowed = (requestsOf(object)['allow-references-from'] ?? '').split(',').map((entry) => entry.trim())
  return allowed.includes(namespace) || allowed.includes('*')
}
