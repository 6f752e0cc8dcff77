import { isDeepStrictEqual } from 'node:util'
import { checkPlan } from './check-plan.ts'
import { type CostComparison, compareCosts } from './compare-costs.ts'
import type { PackInput, PackOutput } from './documents.ts'
import { type Violation, violation } from './violation.ts'

/** A solver: `longshore pack` without reading and writing. */
export type Solver = (input: PackInput) => PackOutput

/** What came of one problem. */
export interface Verification {
  readonly violations: readonly Violation[]
  readonly output: PackOutput | undefined
  readonly costs: CostComparison | undefined
}

/** Solves a problem and holds the plan against the rules, against other plans, and against itself. */
export function verify(input: PackInput, solve: Solver): Verification {
  const output = attempt(input, solve)
  if (output instanceof Error) {
    return { violations: [violation('solver', 'plan', output.message)], output: undefined, costs: undefined }
  }
  const costs = compareCosts(input, output)
  return {
    violations: [...checkPlan(input, output), ...costs.violations, ...checkAgain(input, output, solve)],
    output,
    costs,
  }
}

function attempt(input: PackInput, solve: Solver): PackOutput | Error {
  try {
    return solve(input)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The same input and rounds make the same plan; only how long it took is another matter. */
function checkAgain(input: PackInput, output: PackOutput, solve: Solver): readonly Violation[] {
  const again = attempt(input, solve)
  if (again instanceof Error) return [violation('solver', 'plan', `the second time: ${again.message}`)]
  return isDeepStrictEqual(decisionOf(output), decisionOf(again))
    ? []
    : [violation('solver', 'plan', 'another plan the second time')]
}

function decisionOf(output: PackOutput): Partial<PackOutput> {
  return { ...output, elapsedMs: 0, stats: { ...output.stats, podsPerSecond: 0 } }
}
