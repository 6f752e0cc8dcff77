import * as z from 'zod'
import type { KubeObject } from '../../src/kube/cluster.ts'
import type { AnyKind } from '../../src/reconciler/kind.ts'
import { generationOf, statusOf, type ObjectStatus } from '../../src/reconciler/managed.ts'
import { CommonStatus } from '../../src/reconciler/schema/common-status.ts'

/** Enough for every list and message; etcd takes 1.5 MiB, and people have to read it. */
const MAX_OBJECT_BYTES = 256 * 1024
const MAX_LENGTHS: Readonly<Record<string, number>> = { plan: 50, events: 5, deployments: 5 }

/** What is wrong with a status that was written over another: rules of kstatus, of the API conventions and of size. */
export function statusProblems(kind: AnyKind, before: KubeObject, after: KubeObject): readonly string[] {
  const status = statusOf(after)
  return [
    ...schemaProblems(kind, status),
    ...conditionProblems(after, status),
    ...generationProblems(before, after),
    ...transitionProblems(statusOf(before), status),
    ...sizeProblems(after, status),
  ]
}

/** The API server would prune or refuse what the CRD does not have. */
function schemaProblems({ schema }: AnyKind, status: ObjectStatus): readonly string[] {
  const own = schema.status instanceof z.ZodObject ? schema.status.shape : {}
  const parsed = z.strictObject({ ...CommonStatus.shape, ...own }).safeParse(status)
  return parsed.success ? [] : [`status does not fit its schema: ${z.prettifyError(parsed.error)}`]
}

// kstatus README, "The Ready condition" and "abnormal-true conditions": present only while true, never both.
function conditionProblems({ metadata }: KubeObject, { conditions = [] }: ObjectStatus): readonly string[] {
  const types = conditions.map(({ type }) => type)
  const held = conditions.filter(({ type }) => type === 'Reconciling' || type === 'Stalled')
  const ready = conditions.find(({ type }) => type === 'Ready')
  return [
    ...(ready === undefined ? ['there is no condition Ready'] : []),
    ...(new Set(types).size < types.length ? [`a condition stands twice: ${types.join(', ')}`] : []),
    ...(held.length > 1 ? ['Reconciling and Stalled at once'] : []),
    ...held.filter(({ status }) => status !== 'True').map(({ type }) => `${type} is there without being true`),
    ...(held.length > 0 && ready?.status === 'True' ? ['Ready while Reconciling or Stalled'] : []),
    ...conditions
      .filter(({ observedGeneration }) => observedGeneration > (metadata.generation ?? 0))
      .map(({ type }) => `${type} is about a generation that does not exist`),
    ...conditions.filter(({ reason }) => !/^[A-Z][A-Za-z]*$/.test(reason)).map(({ reason }) => `reason "${reason}"`),
    ...conditions.filter(({ message }) => message === '').map(({ type }) => `${type} has no message`),
  ]
}

function generationProblems(before: KubeObject, after: KubeObject): readonly string[] {
  const { observedGeneration = 0 } = statusOf(after)
  const { observedGeneration: earlier = 0 } = statusOf(before)
  return [
    ...(observedGeneration > generationOf(after) ? [`observed generation ${observedGeneration} of the future`] : []),
    // A restored object counts its generations anew.
    ...(observedGeneration < earlier && earlier <= generationOf(before) ? ['the observed generation went back'] : []),
  ]
}

function transitionProblems(before: ObjectStatus, after: ObjectStatus): readonly string[] {
  return (after.conditions ?? []).flatMap(({ type, status, lastTransitionTime }) => {
    const earlier = before.conditions?.find((condition) => condition.type === type)
    const isMoved = earlier?.status === status && earlier.lastTransitionTime !== lastTransitionTime
    return isMoved ? [`${type} stayed ${status} and says that it changed`] : []
  })
}

function sizeProblems(object: KubeObject, status: ObjectStatus): readonly string[] {
  const bytes = Buffer.byteLength(JSON.stringify(object))
  return [
    ...(bytes > MAX_OBJECT_BYTES ? [`the object has ${bytes} bytes`] : []),
    ...Object.entries(MAX_LENGTHS).flatMap(([field, most]) => {
      const list = status[field as keyof ObjectStatus]
      return Array.isArray(list) && list.length > most ? [`status.${field} has ${list.length} entries`] : []
    }),
  ]
}
