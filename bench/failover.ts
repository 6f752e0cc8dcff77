/**
 * What it costs when the operator that leads is gone: two operators on a real API server against simulated AWS; the one
 * that leads is killed, or asked to stop, and the other one takes over. Prints a table and one line of JSON.
 *
 *   npm run bench -- failover [--objects 200] [--rounds 5]
 */
import { argv } from 'node:process'
import { parseArgs } from 'node:util'
import { printRows } from './scale/report.ts'
import { openFailover, type Handover } from './failover/stage.ts'

const { values } = parseArgs({
  args: argv.slice(2),
  options: { objects: { type: 'string', default: '200' }, rounds: { type: 'string', default: '5' } },
})
const objects = Number(values.objects)
const rounds = Number(values.rounds)

const ENDINGS = [
  { title: 'kill -9', signal: 'SIGKILL' },
  { title: 'asked to stop', signal: 'SIGTERM' },
] as const

await using stage = await openFailover(objects)
const results: { readonly title: string; readonly handovers: readonly Handover[] }[] = []
for (const { title, signal } of ENDINGS) {
  const handovers: Handover[] = []
  for (let round = 0; round < rounds; round += 1) handovers.push(await stage.replaceLeader(signal))
  results.push({ title, handovers })
}

const row = (title: string, of: (handover: Handover) => number): readonly string[] => [
  title,
  ...results.map(({ handovers }) => spread(handovers.map(of))),
]
printRows(`${objects} EcrRepository objects, ${rounds} rounds each: median (longest)`, [
  ['', ...results.map(({ title }) => title)],
  row('until the other one leads', ({ leadsSeconds }) => leadsSeconds),
  row("until it follows a user's edit", ({ editSeconds }) => editSeconds),
])
process.stdout.write(`${JSON.stringify({ objects, rounds, results })}\n`)

function spread(seconds: readonly number[]): string {
  const sorted = seconds.toSorted((a, b) => a - b)
  const [median = NaN, longest = NaN] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
  return `${median.toFixed(2)} s (${longest.toFixed(2)} s)`
}
