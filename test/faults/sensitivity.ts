import { DEFECTS } from './defects/table.ts'
import type { Finding } from './explorer/explore.ts'
import { exploreInThread } from './explorer/threads.ts'

/** How soon the explorer finds a defect. */
export interface Sensitivity {
  readonly defect: string
  /** Number of schedules up to the first that goes wrong. */
  readonly schedules: number
  /** Undefined: none of so many did. */
  readonly finding: Finding | undefined
}

/** Explores the operator with this defect in it, from the first seed on. */
export async function sensitivityTo(defect: string, most: number): Promise<Sensitivity> {
  const task = { first: 1, last: most, stride: 1, mostShrinks: 0, defect, untilFound: true }
  let result: Sensitivity = { defect, schedules: 0, finding: undefined }
  await exploreInThread(task, ({ seed, finding }) => (result = { defect, schedules: seed, finding }))
  return result
}

interface Measuring {
  readonly defects: readonly string[]
  readonly most: number
  readonly threads: number
}

/** The defects whose sentence has these words in it; no words: all. */
export function defectsOf(words = ''): readonly string[] {
  return DEFECTS.map(({ fact }) => fact).filter((fact) => fact.includes(words))
}

/** The same for these defects, in so many threads; tells of each as soon as it is known. */
export async function measureSensitivity(
  { defects, most, threads }: Measuring,
  tell: (result: Sensitivity) => void,
): Promise<void> {
  const waiting = [...defects]
  const lane = async (): Promise<void> => {
    for (let defect = waiting.shift(); defect !== undefined; defect = waiting.shift()) {
      tell(await sensitivityTo(defect, most))
    }
  }
  await Promise.all(Array.from({ length: threads }, lane))
}
