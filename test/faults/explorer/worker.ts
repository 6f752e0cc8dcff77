// A thread that explores some seeds, of the operator as it is or with a defect in it.
import { parentPort, workerData } from 'node:worker_threads'
import { defectCalled } from '../defects/table.ts'
import { seed } from '../defects/seed.ts'
import type { Progress, Task } from './threads.ts'

const { first, last, stride, defect, mostShrinks, untilFound } = workerData as Task
if (defect !== undefined) seed(defectCalled(defect))
// Not before the defect is in its place.
const { exploreSeed } = await import('./explore.ts')

for (let each = first; each <= last; each += stride) {
  const finding = await exploreSeed(each, mostShrinks)
  parentPort?.postMessage({ seed: each, finding } satisfies Progress)
  if (untilFound && finding !== undefined) break
}
