/**
 * How the operator carries many objects: N EcrRepository objects on a real API server against simulated AWS, from
 * nothing, restarted in sync, restarted with every status lost (and beside it the same statuses, written by a client that does
 * nothing else), and under a stream of edits. Prints tables with the goals beside the figures, and one line of JSON. Linux
 * only: CPU time and memory are read from /proc.
 *
 * `--rival` lets an operator of controller-runtime play the same scenes after it, one that only reports that it has seen each
 * object and never asks AWS. Needs Go.
 *
 *   npm run bench -- scale [--objects 10000] [--workers 32] [--edits 3000] [--edits-per-second 100] [--profile FOLDER] [--rival]
 */
import { argv } from 'node:process'
import { parseArgs } from 'node:util'
import { readStatuses, writeStatuses } from './scale/bare.ts'
import { editSteadily } from './scale/edits.ts'
import { measureBare, measureOperator, measureRunning } from './scale/measure.ts'
import { createObjects, dropStatuses, untilAllReady } from './scale/objects.ts'
import type { OperatorRun } from './scale/operator.ts'
import { printReport, type Edited } from './scale/report.ts'
import { buildRival } from './scale/rival.ts'
import { openStage } from './scale/stage.ts'

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    objects: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '32' },
    edits: { type: 'string', default: '3000' },
    'edits-per-second': { type: 'string', default: '100' },
    profile: { type: 'string' },
    rival: { type: 'boolean', default: false },
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

  const playEdits = async (name: string, begin: () => Promise<OperatorRun>): Promise<Edited> => {
    const operator = await begin()
    await operator.untilLookedAt(count)
    const load = { objects: editedCount, edits: Number(values.edits), perSecond: Number(values['edits-per-second']) }
    const edited = await measureRunning(stage, { name, operator }, () => editSteadily(stage, 'bench', load))
    await operator.stop()
    return edited
  }
  const edited = await playEdits('longshore', start)

  const rival = values.rival ? await playRival(playEdits) : undefined
  printReport({
    count,
    workers,
    bare,
    scenes: [fromNothing, inSync, statusLost, bare, ...(rival?.scenes ?? [])],
    edited: [edited, ...(rival ? [rival.edited] : [])],
  })
} finally {
  await stage.close()
}

async function playRival(playEdits: (name: string, begin: () => Promise<OperatorRun>) => Promise<Edited>) {
  const program = await buildRival()
  const begin = () => Promise.resolve(stage.startRival(program, { namespace: 'bench', workers, objects: count }))
  await dropStatuses(stage, 'bench', count)
  const lost = await measureOperator(stage, { name: 'rival: lost', start: begin }, () =>
    untilAllReady(stage, 'bench', count),
  )
  const inSync = await measureOperator(stage, { name: 'rival: in sync', start: begin }, (operator) =>
    operator.untilLookedAt(count),
  )
  return { scenes: [inSync, lost], edited: await playEdits('rival', begin) }
}
