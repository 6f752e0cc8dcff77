import type { Taint, Toleration } from './kubernetes.ts'

/** The first taint that keeps a pod with these tolerations off; undefined: none does. Source: Kubernetes, "Taints and Tolerations". */
export function untoleratedTaint(taints: readonly Taint[], tolerations: readonly Toleration[]): Taint | undefined {
  return taints.find((taint) => isHard(taint) && !tolerations.some((toleration) => tolerates(toleration, taint)))
}

/** Whether there is a `PreferNoSchedule` taint that the pod does not tolerate. */
export function isRatherAvoided(taints: readonly Taint[], tolerations: readonly Toleration[]): boolean {
  return taints.some((taint) => !isHard(taint) && !tolerations.some((toleration) => tolerates(toleration, taint)))
}

function isHard({ effect }: Taint): boolean {
  return effect === 'NoSchedule' || effect === 'NoExecute'
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key, operator, value, effect } = { ...UNSAID, ...toleration }
  if (effect !== '' && effect !== taint.effect) return false
  if (key !== '' && key !== taint.key) return false
  if (operator === 'Exists') return true
  // Without a key, only Exists is allowed.
  return key !== '' && operator === 'Equal' && value === (taint.value ?? '')
}

const UNSAID = { key: '', operator: 'Equal', value: '', effect: '' }

/** A taint as kubectl writes it: `key=value:Effect`. */
export function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`
}
