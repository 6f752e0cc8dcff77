import type { KubeObject } from '../../kube/cluster.ts'
import type { Block, Wait } from '../../core/plan.ts'
import type { AnyKind, Reference } from '../kind.ts'
import { isBeingDeleted, requestsOf, statusOf } from '../managed.ts'
import type { Pass } from '../pass.ts'
import type { Scope } from '../resource.ts'

export type Resolution = Homes &
  (
    | {
        readonly type: 'resolved'
        /** What each reference stands for, by its field. */
        readonly values: Readonly<Record<string, string>>
      }
    | { readonly type: 'missing'; readonly waits: readonly Wait[] }
  )

interface Homes {
  /** Of what there is, usable or not. */
  readonly homes: readonly Home[]
}

/** Where in AWS something is that the object refers to. */
interface Home {
  readonly field: string
  /** `EcsCluster demo/main`. */
  readonly name: string
  readonly accountId: string | undefined
  readonly region: string | undefined
}

/** Looks up the value that each reference stands for. A reference waits for the target's output, not for its readiness. */
export function resolveReferences(pass: Pass, references: readonly Reference[] = []): Resolution {
  const found = references.map((reference) => resolveOne(pass, reference))
  const waits = found.flatMap((one) => (one.type === 'missing' ? [one.wait] : []))
  const homes = found.flatMap(({ home }) => (home === undefined ? [] : [home]))
  if (waits.length > 0) return { type: 'missing', waits, homes }
  const there = found.flatMap((one) => (one.type === 'there' ? [one] : []))
  const values = Object.fromEntries(there.map(({ home, value }) => [home.field, value]))
  return { type: 'resolved', values, homes }
}

/**
 * What the object refers to in another account or region than its own: no call would ever find that there, so that the
 * object would wait for ever.
 */
export function strayReferences(
  { homes }: Homes,
  { accountId, region }: Pick<Scope, 'accountId' | 'region'>,
): readonly Block[] {
  return homes.flatMap((home) => {
    const isHere = (home.accountId ?? accountId) === accountId && (home.region ?? region) === region
    if (isHere) return []
    const field = `spec.${home.field}`
    const message = `${field}: ${home.name} lives in account ${home.accountId}, region ${home.region}, but this object in account ${accountId}, region ${region}: refer to one there, or use the credentials and region of the other account`
    return [{ reason: 'WrongAccount', field, message }]
  })
}

/** The target has to come; its event wakes the object, so the poll is only a safety net. */
const POLL_SECONDS = 60

type Found =
  | { readonly type: 'there'; readonly home: Home; readonly value: string }
  | { readonly type: 'missing'; readonly home: Home | undefined; readonly wait: Wait }

function resolveOne(pass: Pass, reference: Reference): Found {
  const namespace = reference.namespace ?? pass.owner.namespace
  const name = `${reference.kind} ${namespace}/${reference.name}`
  const target = pass.deps.storeOf(reference.kind)
  const object = target?.store.get(`${namespace}/${reference.name}`)
  const home = object && homeOf(object, { field: reference.field, name })
  const missing = (problem: string): Found => {
    const message = `spec.${reference.field}: ${name} ${problem}`
    return { type: 'missing', home, wait: { reason: 'WaitingForReference', message, pollSeconds: POLL_SECONDS } }
  }

  if (target === undefined || object === undefined) return missing('does not exist')
  if (isBeingDeleted(object)) return missing('is being deleted')
  // Its status still says what it once stood for; what has that name now is not for us to build on.
  if (isForeign(object)) return missing('stands for something that belongs to somebody else')
  if (!isGranted(object, pass.owner.namespace)) {
    return missing(
      `does not allow references from namespace ${pass.owner.namespace}: annotate it with longshore.dev/allow-references-from`,
    )
  }
  const value = outputOf(target.kind, object, reference.output)
  if (value === undefined) return missing('is not ready to be used yet')
  return { type: 'there', home: homeOf(object, { field: reference.field, name }), value }
}

function homeOf(object: KubeObject, reference: Pick<Home, 'field' | 'name'>): Home {
  const { accountId, region } = statusOf(object)
  return { ...reference, accountId, region }
}

function isForeign(object: KubeObject): boolean {
  return (
    statusOf(object).conditions?.some(({ type, reason }) => type === 'Ready' && reason === 'ForeignResource') ?? false
  )
}

function outputOf(kind: AnyKind, object: KubeObject, output: string): string | undefined {
  return kind.provides(statusOf(object))[output]
}

function isGranted(object: KubeObject, namespace: string): boolean {
  if (object.metadata.namespace === undefined || object.metadata.namespace === namespace) return true
  const allowed = (requestsOf(object)['allow-references-from'] ?? '').split(',').map((entry) => entry.trim())
  return allowed.includes(namespace) || allowed.includes('*')
}
