import type { Amounts } from '../quantity.ts'

/** Amounts in the order of a model's resources. */
export function vectorOf(resources: readonly string[], amounts: Amounts): Float64Array {
  return Float64Array.from(resources, (name) => amounts[name] ?? 0)
}

/** The opposite; what there is nothing of is left out. */
export function quantitiesOf(resources: readonly string[], vector: Float64Array): Amounts {
  const amounts: Record<string, number> = {}
  for (const [index, resource] of resources.entries()) {
    const amount = vector[index] ?? 0
    if (amount > 0) amounts[resource] = amount
  }
  return amounts
}
