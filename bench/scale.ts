/**
 * How the operator carries many objects: N EcrRepository objects on a real API server against simulated AWS, from
 * nothing, restarted in sync, restarted with every status lost, and under a stream of edits. Prints tables and one line
 * of JSON.
 *
 *   npm run bench -- scale [--objects 10000] [--workers 32] [--edits 3000] [--edits-per-second 100] [--profile FOLDER]
 */
import { argv } from 'node:process'
import { parseArgs } from 'node:util'
import { bareStatusWrites } from './reconcile/bare.ts'
import { editSteadily } from './reconcile/edits.ts'
import { createObjects, dropStatuses, untilAll } from './reconcile/objects.ts'
import type { Figures } from './reconcile/operator.ts'
import { printRows } from './reconcile/report.ts'
import { openBench } from './reconcile/stage.ts'

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
/** Objects that are edited; each has time to come to rest between two edits. */
const EDITED = 2000

const stage = await openBench()
const runs: (Figures & { readonly what: string; readonly seconds: number })[] = []
const measure = async (what: string): Promise<void> => {
  const operator = await stage.startOperator({ namespace: 'bench', workers, profileFolder: values.profile })
  const seconds =
    what === 'in sync'
      ? await operator.untilReconciled(count)
      : await untilAll(stage, 'bench', count, operator.startedAt)
  runs.push({ what, seconds, ...(await operator.figures()) })
  await operator.stop()
}

try {
  const sample = Math.min(count, EDITED)
  await createObjects(stage, 'bare', sample)
  const bare = await bareStatusWrites(stage, 'bare', sample, workers)

  await createObjects(stage, 'bench', count)
  await measure('from nothing')
  await measure('in sync')
  await dropStatuses(stage, 'bench', count)
  await measure('status lost')

  const operator = await stage.startOperator({ namespace: 'bench', workers, profileFolder: values.profile })
  await operator.untilReconciled(count)
  const perSecond = Number(values['edits-per-second'])
  const edits = await editSteadily(stage, 'bench', { objects: sample, edits: Number(values.edits), perSecond })
  await operator.stop()

  const columns = runs.map(({ what }) => what)
  const row = (title: string, figure: (run: (typeof runs)[number]) => string): readonly string[] => [
    title,
    ...runs.map(figure),
  ]
  printRows(`${count} EcrRepository objects, ${workers} workers; bare status writes: ${bare.toFixed(0)}/s`, [
    ['', ...columns],
    row('all done after', ({ seconds }) => `${seconds.toFixed(1)} s`),
    row('writes of each object', ({ objectWrites }) => (objectWrites / count).toFixed(3)),
    row('object writes per second ÷ bare', ({ objectWrites, seconds }) => (objectWrites / seconds / bare).toFixed(2)),
    row('AWS calls per object', ({ awsCalls }) => (awsCalls / count).toFixed(3)),
    row('CPU per object', ({ cpuSeconds }) => `${((cpuSeconds * 1000) / count).toFixed(2)} ms`),
    row('peak RSS', ({ peakRssMib }) => `${peakRssMib.toFixed(0)} MiB`),
    row('event-loop delay p99', ({ eventLoopDelayP99Ms }) => `${eventLoopDelayP99Ms.toFixed(0)} ms`),
  ])
  printRows(`${edits.count} edits at ${edits.reachedPerSecond.toFixed(0)}/s over ${sample} objects`, [
    ['edit → observedGeneration', 'p50', 'p99', 'longest'],
    ['', ...[edits.p50Ms, edits.p99Ms, edits.longestMs].map((value) => `${value.toFixed(1)} ms`)],
  ])
  process.stdout.write(`${JSON.stringify({ count, workers, bare, runs, edits })}\n`)
} finally {
  await stage.close()
}
