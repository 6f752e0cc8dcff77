/**
 * What it takes inside a cluster, with images and chart as users have them, in a kind cluster: a leader that is killed or
 * told to stop, and many objects within the container's limit on memory. Prints tables and one line of JSON. Needs Docker.
 *
 *   npm run bench -- cluster [--rounds 3] [--objects 10000]
 */
import { argv, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { type HandoverFigures, replaceLeader } from './cluster/handover.ts'
import { fillCluster } from './cluster/objects.ts'
import { openClusterBench } from './cluster/stage.ts'
import { printRows } from './scale/report.ts'

const { values } = parseArgs({
  args: argv.slice(2),
  options: { rounds: { type: 'string', default: '3' }, objects: { type: 'string', default: '10000' } },
})
const rounds = Number(values.rounds)
const objects = Number(values.objects)

await using bench = await openClusterBench((line) => stdout.write(`${line}\n`))
const { stage } = bench

const killed: HandoverFigures[] = []
const told: HandoverFigures[] = []
for (let round = 0; round < rounds; round += 1) {
  killed.push(await replaceLeader(stage, 'KILL'))
  told.push(await replaceLeader(stage, 'TERM'))
}
const row = (title: string, of: (figures: HandoverFigures) => number): readonly string[] => [
  title,
  spread(killed.map(of)),
  spread(told.map(of)),
]
printRows(`two replicas, ${rounds} rounds each: median (longest)`, [
  ['from the signal to the leader', 'kill -9', 'SIGTERM'],
  row('until the other one leads', ({ leadsSeconds }) => leadsSeconds),
  row("until it follows a user's edit in AWS", ({ editSeconds }) => editSeconds),
])

const full = await fillCluster(bench, objects)
const after = await replaceLeader(stage, 'KILL')
printRows(`${objects} EcrRepository objects, memory limit 512 MiB`, [
  ['', 'figure'],
  ['created', `${full.createdSeconds.toFixed(0)} s`],
  ['all Ready after', `${full.readySeconds.toFixed(0)} s`],
  ['most working set of the leader', `${full.leaderMib.toFixed(0)} MiB`],
  ['most working set of the standby', `${full.standbyMib.toFixed(0)} MiB`],
  ['containers killed for their memory', String(full.outOfMemory)],
  ['leader killed: the other one leads after', `${after.leadsSeconds.toFixed(1)} s`],
  ["and follows a user's edit after", `${after.editSeconds.toFixed(1)} s`],
])
stdout.write(`${JSON.stringify({ rounds, objects, killed, told, full, after })}\n`)

function spread(seconds: readonly number[]): string {
  const sorted = seconds.toSorted((a, b) => a - b)
  const [median = NaN, longest = NaN] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
  return `${median.toFixed(2)} s (${longest.toFixed(2)} s)`
}
