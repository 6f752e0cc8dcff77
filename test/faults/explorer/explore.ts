import fc from 'fast-check'
import { history } from './history.ts'
import { inWords, type History } from './step.ts'
import { runSchedule } from './schedule.ts'

/** A schedule that went wrong, as small as it could be made. */
export interface Finding {
  readonly seed: number
  readonly problems: readonly string[]
  readonly words: string
  /** As JSON, for a test that replays it. */
  readonly history: string
}

/** The history that a seed stands for, here and everywhere. */
export function historyOf(seed: number): History {
  const [only = []] = fc.sample(history, { seed, numRuns: 1 })
  return only
}

/** Lives through the schedule of this seed and, if it goes wrong, looks for a smaller one that does. */
export async function exploreSeed(seed: number, mostShrinks: number): Promise<Finding | undefined> {
  let runs = 0
  let problems: readonly string[] = []
  const property = fc.asyncProperty(history, async (steps) => {
    if (runs++ > mostShrinks) return true
    const found = await runSchedule(steps).catch((error: Error) => [`the schedule threw ${error.stack}`])
    if (found.length > 0) problems = found
    return found.length === 0
  })
  const details = await fc.check(property, { seed, numRuns: 1 })
  if (!details.failed) return undefined
  const [smallest = []] = details.counterexample ?? []
  return { seed, problems, words: inWords(smallest), history: JSON.stringify(smallest) }
}
