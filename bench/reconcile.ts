/**
 * What it costs to reconcile N EcrRepository objects on a real API server, against simulated AWS: first from nothing,
 * then again with everything in sync. Prints a table and one line of JSON.
 *
 *   npm run bench -- reconcile [--objects 2000] [--workers 32]
 */
import { argv } from 'node:process'
import { parseArgs } from 'node:util'
import { bareStatusWrites } from './reconcile/bare.ts'
import { createObjects, untilAll } from './reconcile/objects.ts'
import { openBench } from './reconcile/stage.ts'
import { printReport } from './reconcile/report.ts'

const { values } = parseArgs({
  args: argv.slice(2),
  options: { objects: { type: 'string', default: '2000' }, workers: { type: 'string', default: '32' } },
})
const count = Number(values.objects)
const workers = Number(values.workers)

const stage = await openBench()
try {
  await createObjects(stage, 'bare', count)
  const bare = await bareStatusWrites(stage, 'bare', count, workers)

  await createObjects(stage, 'bench', count)
  const first = await stage.startOperator({ namespace: 'bench', workers, profileFolder: undefined })
  const firstSeconds = await untilAll(stage, 'bench', count, first.startedAt)
  const cold = await first.figures()
  await first.stop()

  const second = await stage.startOperator({ namespace: 'bench', workers, profileFolder: undefined })
  const secondSeconds = await second.untilReconciled(count)
  const warm = await second.figures()
  await second.stop()

  printReport({
    count,
    workers,
    bare,
    cold: { ...cold, seconds: firstSeconds },
    warm: { ...warm, seconds: secondSeconds },
  })
} finally {
  await stage.close()
}
