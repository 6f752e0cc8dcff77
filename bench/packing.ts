/**
 * How good and how quick plans for pending pods are: cost beside the plan's own lower bound and beside first fit over all mixes
 * and two catalogues, and the time of the decision alone, each in a process of its own, so that what the first case has warmed
 * up does not help the next. Prints tables and one line of JSON.
 *
 *   npm run bench -- packing [--rounds 3] [--only cost|time]
 */
import { argv, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { costCases, timeCases } from './packing/cases.ts'
import { runCase } from './packing/in-process.ts'
import { printCosts, printTimes } from './packing/report.ts'

const { values } = parseArgs({
  args: argv.slice(2),
  options: { rounds: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
})

const costs = values.only === 'time' ? [] : await resultsOf(costCases(), 1)
if (costs.length > 0) printCosts(costs)
const times = values.only === 'cost' ? [] : await resultsOf(timeCases(), Number(values.rounds))
if (times.length > 0) printTimes(times)
stdout.write(`${JSON.stringify({ costs, times })}\n`)

async function resultsOf<Case extends Parameters<typeof runCase>[0]>(cases: readonly Case[], rounds: number) {
  const results = []
  for (const one of cases) {
    const runs = []
    for (let round = 0; round < rounds; round++) runs.push(await runCase(one))
    results.push({ ...one, runs })
  }
  return results
}
