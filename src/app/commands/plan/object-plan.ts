import type { Block, Wait } from '../../../core/plan.ts'
import { Failure } from '../../../core/failure.ts'
import type { KubeObject } from '../../../kube/cluster.ts'
import { isSemanticallyEqual } from '../../../kube/patch.ts'
import type { AnyKind } from '../../../reconciler/kind.ts'
import { isBeingDeleted, statusOf } from '../../../reconciler/managed.ts'
import type { Foretold, Scope } from '../../../reconciler/resource.ts'
import { rehearse, type Rehearsal, type RehearsedStep } from '../../../reconciler/rehearse.ts'
import { parseSpec } from '../../../reconciler/spec.ts'
import { idOf } from '../world/objects.ts'
import type { World } from '../world/reach.ts'
import { installationIn, rehearsalDeps } from '../world/rehearsal.ts'
import type { Candidate, Gathered } from './gather.ts'
import { fieldChanges, type FieldChange } from './field-changes.ts'
import { stepChanges } from './step-changes.ts'

/** What would become of one object. */
export interface ObjectPlan {
  readonly action: 'create' | 'change' | 'delete' | 'none'
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** File and document; undefined: it stands in none. */
  readonly place: string | undefined
  /** What the manifest changes in the Kubernetes object; empty for one that comes or goes. */
  readonly spec: readonly FieldChange[]
  readonly steps: readonly PlannedStep[]
  readonly waits: readonly string[]
  /** What keeps the operator from doing it, or keeps us from telling. */
  readonly errors: readonly string[]
  /** The steps would not be taken now, because the object's owner says so. */
  readonly restraint: Rehearsal['restraint']
}

export interface PlannedStep {
  /** Type of the AWS object. */
  readonly type: string
  readonly id: string
  readonly effect: 'create' | 'change' | 'delete'
  readonly summary: string
  readonly call: string | undefined
  readonly changes: readonly FieldChange[]
  /** What it would do besides; absent: nobody asked, or AWS has nothing to say. */
  readonly foretold?: Foretold
}

/** Plans one object after the other; each knows what the ones before it will provide. Reads only. */
export async function planObjects(
  kinds: readonly AnyKind[],
  { candidates, live }: Gathered,
  { world, asksForPreview }: { readonly world: World; readonly asksForPreview: boolean },
  signal: AbortSignal,
): Promise<readonly ObjectPlan[]> {
  const objects = new Map(live)
  const installationId = installationIn(world)
  const depsFor = rehearsalDeps({ kinds, objects }, world, signal)
  const scope = await world.scopeFor(signal)
  for (const candidate of candidates) {
    const owner = { installationId, ...identityOf(candidate) }
    objects.set(idOf(candidate.object), foreseen(candidate, { ...scope, owner }))
  }
  const planOne = async (candidate: Candidate): Promise<ObjectPlan> => {
    const rehearsal = await rehearse(depsFor(candidate.kind), candidate.object, signal)
    const steps = asksForPreview
      ? await foretoldSteps(candidate.kind, rehearsal, scope, signal)
      : rehearsal.steps.map(plannedStep)
    const action = world.cluster === undefined ? actionInAws(rehearsal) : actionOf(candidate, rehearsal)
    return objectPlan(candidate, rehearsal, { action, steps })
  }
  return Promise.all(candidates.map(planOne))
}

function identityOf({ kind: { kind }, object: { metadata } }: Candidate) {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name }
}

type Foresight = Omit<Parameters<NonNullable<AnyKind['foresee']>>[0], 'spec'>

/** The object with what its status will say, as far as that is known: others refer to it. */
function foreseen({ kind, object }: Candidate, { owner, accountId, region, partition }: Foresight): KubeObject {
  const parsed = parseSpec(kind, object.spec)
  if (parsed.type === 'invalid' || kind.foresee === undefined) return object
  const status = kind.foresee({ spec: parsed.spec, owner, accountId, region, partition })
  return { ...object, status: { ...status, ...statusOf(object) } }
}

function objectPlan(
  candidate: Candidate,
  rehearsal: Rehearsal,
  { action, steps }: Pick<ObjectPlan, 'action' | 'steps'>,
): ObjectPlan {
  const { live, object, place } = candidate
  const isLeaving = isBeingDeleted(object)
  return {
    action,
    ...identityOf(candidate),
    place,
    spec: live === undefined || isLeaving ? [] : fieldChanges(live.spec, object.spec, 'spec'),
    steps,
    waits: rehearsal.waits.map(({ message }: Wait) => message),
    errors: [...rehearsal.blocks.map(blockSentence), ...rehearsal.problems.map(({ message }) => message)],
    restraint: rehearsal.restraint,
  }
}

function actionOf({ live, object }: Candidate, { steps }: Rehearsal): ObjectPlan['action'] {
  if (isBeingDeleted(object)) return 'delete'
  if (live === undefined) return 'create'
  return steps.length > 0 || !isSemanticallyEqual(live.spec, object.spec) ? 'change' : 'none'
}

/** Without a cluster only AWS can say whether something is new. */
function actionInAws({ steps }: Rehearsal): ObjectPlan['action'] {
  if (steps.length === 0) return 'none'
  return steps.some(({ observed }) => observed.length > 0) ? 'change' : 'create'
}

/** A step as it may be shown. */
export function plannedStep({ type, id, step, call, observed }: RehearsedStep): PlannedStep {
  const { effect, summary } = step
  return { type, id, effect, summary, call, changes: effect === 'change' ? stepChanges(step, observed) : [] }
}

/** The steps with what AWS tells of them. What it does not tell must not hide the plan. */
function foretoldSteps(
  { resources }: AnyKind,
  { steps }: Rehearsal,
  scope: Scope,
  signal: AbortSignal,
): Promise<readonly PlannedStep[]> {
  const foretell = async ({ type, id, step }: RehearsedStep): Promise<Foretold | undefined> => {
    try {
      return await resources.find((resource) => resource.type === type)?.foretell?.(step, id, scope, signal)
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'aborted') throw error
      return { summary: `AWS does not tell what it would do: ${error.message}`, details: [] }
    }
  }
  return Promise.all(
    steps.map(async (step) => {
      const foretold = await foretell(step)
      return { ...plannedStep(step), ...(foretold && { foretold }) }
    }),
  )
}

function blockSentence({ message, field }: Block): string {
  return field === undefined || message.includes(field) ? message : `${field}: ${message}`
}
