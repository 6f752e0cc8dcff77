/**
 * How cheap consolidation makes clusters, how soon, and how many pods it moves for that: each mix is packed, 40 % of its
 * pods go at random, and rounds of moves follow under the default budget (a tenth of the nodes) until nothing pays any
 * more. Prints a table and one line of JSON.
 *
 *   npm run bench -- packing-consolidation [--pods 200,1000] [--mixes gpu,log-normal] [--seed 1] [--rounds 30]
 */
import { argv, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import type { ConsolidationOptions } from '../src/core/scheduling/consolidation/consolidation.ts'
import { cataloguesFor } from './packing/cases.ts'
import { MIXES } from './packing/mixes.ts'
import { nextRound, packedAnew, thinnedCluster } from './packing-consolidation/cluster.ts'
import { printRows } from './scale/report.ts'

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    pods: { type: 'string', default: '200,1000' },
    mixes: { type: 'string', default: Object.keys(MIXES).join() },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '30' },
  },
})

const GOAL_ROUNDS = 10
const MOST_ROUNDS = 40
const OPTIONS: ConsolidationOptions = {
  rounds: Number(values.rounds),
  ignorePreferences: false,
  isTimeUp: () => false,
  budgetNodes: undefined,
  moveRounds: 1,
  barePods: 'stay',
  price: { usdPerDisruption: 0.002, paybackHours: 12 },
}

interface Outcome {
  readonly mix: string
  readonly pods: number
  readonly nodes: readonly [before: number, after: number]
  /** Cost ÷ the bound for the pods that are left: before, after ten rounds, in the end, and of a cluster packed anew. */
  readonly ratios: { readonly before: number; readonly tenRounds: number; readonly end: number; readonly anew: number }
  /** Until a round has no move. */
  readonly rounds: number
  readonly moves: number
  readonly podsMoved: number
  readonly podsMovedPerUsdPerHour: number
  /** Of the longest round. */
  readonly longestMs: number
}

function consolidated(mix: string, size: number, seed: number): Outcome {
  let cluster = thinnedCluster(MIXES[mix]?.(size, seed) ?? { pods: [] }, cataloguesFor(mix)[0], OPTIONS, seed)
  const { lowerBoundUsdPerHour: bound, totalUsdPerHour } = packedAnew(cluster, OPTIONS)
  const bills: { readonly nodes: number; readonly usdPerHour: number }[] = []
  const tally = { moves: 0, podsMoved: 0, longestMs: 0 }
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const start = performance.now()
    const { result, next } = nextRound(cluster, OPTIONS)
    tally.longestMs = Math.max(tally.longestMs, performance.now() - start)
    bills.push(result.before)
    if (result.moves.length === 0) break
    tally.moves += result.moves.length
    tally.podsMoved += result.moves.reduce((sum, { podsMoved }) => sum + podsMoved, 0)
    cluster = next
  }
  const [first = { nodes: 0, usdPerHour: 0 }] = bills
  const last = bills.at(-1) ?? first
  const ratio = (usdPerHour: number): number => usdPerHour / bound
  return {
    mix,
    pods: cluster.pods.length,
    nodes: [first.nodes, last.nodes],
    ratios: {
      before: ratio(first.usdPerHour),
      tenRounds: ratio((bills[GOAL_ROUNDS] ?? last).usdPerHour),
      end: ratio(last.usdPerHour),
      anew: ratio(totalUsdPerHour),
    },
    rounds: bills.length - 1,
    podsMovedPerUsdPerHour: tally.podsMoved / (first.usdPerHour - last.usdPerHour),
    ...tally,
  }
}

const outcomes: Outcome[] = []
for (const size of values.pods.split(',').map(Number)) {
  const own = values.mixes.split(',').map((mix) => consolidated(mix, size, Number(values.seed)))
  outcomes.push(...own)
  printRows(`${size} pods packed, 40 % of them gone; cost ÷ bound (goal: ≤ 1.10 after ${GOAL_ROUNDS} rounds)`, [
    [
      'mix',
      'nodes',
      'before',
      'ten rounds',
      'in the end',
      'packed anew',
      'rounds',
      'moves',
      'pods moved',
      'pods per $/h',
      'longest round',
    ],
    ...own.map((outcome) => rowOf(outcome)),
  ])
}
stdout.write(`${JSON.stringify({ outcomes })}\n`)

function rowOf(outcome: Outcome): readonly string[] {
  const { mix, pods, nodes, ratios, rounds, moves, podsMoved, podsMovedPerUsdPerHour, longestMs } = outcome
  return [
    mix,
    `${nodes[0]} → ${nodes[1]}`,
    ...[ratios.before, ratios.tenRounds, ratios.end, ratios.anew].map((ratio) => ratio.toFixed(3)),
    String(rounds),
    String(moves),
    `${podsMoved} of ${pods}`,
    podsMovedPerUsdPerHour.toFixed(1),
    `${(longestMs / 1000).toFixed(1)} s`,
  ]
}
