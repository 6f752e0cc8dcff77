import type { KubeObject } from '../../../../kube/cluster.ts'
import type { AnyKind } from '../../../../reconciler/kind.ts'
import { isBeingDeleted } from '../../../../reconciler/managed.ts'
import { rehearse } from '../../../../reconciler/rehearse.ts'
import { plannedStep, type PlannedStep } from '../../plan/object-plan.ts'
import { idOf } from '../../world/objects.ts'
import type { World } from '../../world/reach.ts'
import { rehearsalDeps } from '../../world/rehearsal.ts'
import type { Gathered } from '../gather.ts'

/** Something in AWS that is not as the spec says: a step that the operator would take. */
export interface Difference extends PlannedStep {
  /** The calls that may have made it so: `ecs:UpdateService`. */
  readonly causes: readonly string[]
  /** It waits for what an earlier step makes: often it only follows from that. */
  readonly isHeld: boolean
}

/** What differs in AWS now, whether or not the operator has seen it or may repair it. Reads only. */
export async function findDifferences(
  { kind, object, references }: Pick<Gathered, 'kind' | 'object' | 'references'>,
  { world, kinds }: { readonly world: World; readonly kinds: readonly AnyKind[] },
  signal: AbortSignal,
): Promise<readonly Difference[]> {
  if (isBeingDeleted(object)) return []
  const objects = new Map(references.flatMap(([, target]) => (target ? [[idOf(target), target] as const] : [])))
  const deps = rehearsalDeps({ kinds, objects }, world, signal)(kind)
  const { steps } = await rehearse(deps, unpaused(object), signal)
  return steps.map((rehearsed) => {
    const trail = kind.resources.find(({ type }) => type === rehearsed.type)?.trail
    return { ...plannedStep(rehearsed), causes: trail?.causes[rehearsed.step.type] ?? [], isHeld: rehearsed.isHeld }
  })
}

/** What is paused differs all the same, and that is when people ask why. */
function unpaused(object: KubeObject): KubeObject {
  const { 'longshore.dev/paused': _, ...annotations } = object.metadata.annotations ?? {}
  return { ...object, metadata: { ...object.metadata, annotations } }
}
