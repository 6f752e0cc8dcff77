/**
 * How the operator carries many objects: N EcrRepository objects on a real API server against simulated AWS, from
 * nothing, restarted in sync, restarted with every status lost (and beside it the same statuses, written by a client that does
 * nothing else), and under a stream of edits. Prints tables with the goals beside the figures, and one line of JSON. Linux
 * only: CPU time and memory are read from /proc.
 *
 *   npm run bench -- scale [--objects 10000] [--workers 32] [--edits 3000] [--edits-per-second 100] [--profile FOLDER]
 */
import { argv } from 'node:process'
import { parseArgs } from 'node:util'
import { readStatuses, writeStatuses } from './scale/bare.ts'
import { editSteadily } from './scale/edits.ts'
import { measureBare, measureOperator, measureRunning } from './scale/measure.ts'
import { createObjects, dropStatuses, untilAllReady } from './scale/objects.ts'
import { printReport } from './scale/report.ts'
import { openStage } from './scale/stage.ts'

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    objects: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '32' },
    edits: { type: 'string', default: '3000' },
    'edits-per-second': { type: 'string', default: '100' },
    profile: { type: 'string' },
  },
})
const count = Number(values.objects)
const workers = Number(values.workers)
/** Objects that are edited: each has time to come to rest between two edits. */
const editedCount = Math.min(count, 2000)

const stage = await openStage()
const start = () => stage.startOperator({ namespace: 'bench', workers, profileFolder: values.profile })
try {
  await createObjects(stage, 'bench', count)
  const fromNothing = await measureOperator(stage, { name: 'from nothing', start }, () =>
    untilAllReady(stage, 'bench', count),
  )
  const inSync = await measureOperator(stage, { name: 'in sync', start }, (operator) => operator.untilLookedAt(count))
  const statuses = await readStatuses(stage, 'bench', count)
  await dropStatuses(stage, 'bench', count)
  const statusLost = await measureOperator(stage, { name: 'status lost', start }, () =>
    untilAllReady(stage, 'bench', count),
  )
  await dropStatuses(stage, 'bench', count)
  const bare = await measureBare(stage, 'bare', () => writeStatuses(stage, 'bench', statuses, workers))

  const operator = await start()
  await operator.untilLookedAt(count)
  const load = { objects: editedCount, edits: Number(values.edits), perSecond: Number(values['edits-per-second']) }
  const edited = await measureRunning(stage, { name: 'edits', operator }, () => editSteadily(stage, 'bench', load))
  await operator.stop()

  printReport({ count, workers, scenes: [fromNothing, inSync, statusLost, bare], edited })
} finally {
  await stage.close()
}
