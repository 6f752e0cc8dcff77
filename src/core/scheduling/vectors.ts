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

// One function for each kind of list: what is fast for one would be slow if it had to serve all.

/** A number of a vector; 0 beyond its end. */
export function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? 0
}

/** The same for whole numbers. */
export function wholeAt(numbers: Int32Array, index: number): number {
  return numbers[index] ?? 0
}
