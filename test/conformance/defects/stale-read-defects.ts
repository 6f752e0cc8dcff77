import { kinds } from '../../../src/app/kinds.ts'
import type { AnyKind } from '../../../src/reconciler/kind.ts'
import { planning, type Defect } from './wrap.ts'

/** Kinds that believe whatever AWS answers. */
export const staleReadDefects: readonly Defect[] = kinds.flatMap((kind) => [
  {
    fact: `${kind.kind}: what does not show yet is made once more, because making it counts as a mere change`,
    kind: () => withCreatesAsChanges(kind),
    caughtBy: 'stale reads neither create nor forget: what was just made',
    says: /after it was made/,
  },
  {
    fact: `${kind.kind}: what is to go and does not show yet is taken for gone, because making it counts as a mere change`,
    kind: () => withCreatesAsChanges(kind),
    caughtBy: 'stale reads neither create nor forget: what is deleted before',
    // A cluster cannot go while a service that was forgotten runs in it.
    says: /something is left|AWS still has|InUse/,
  },
])

/** Only creations are recorded as attempts, and held back while the last one may not show. */
function withCreatesAsChanges(kind: AnyKind): AnyKind {
  return planning(kind, (plan) => ({
    ...plan,
    steps: plan.steps.map((step) => (step.effect === 'create' ? { ...step, effect: 'change' } : step)),
  }))
}
