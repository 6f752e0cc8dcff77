import { printRows } from '../scale/report.ts'
import type { Case, TimedCase } from './cases.ts'
import type { Run } from './in-process.ts'

type Result<Kind> = Kind & { readonly runs: readonly Run[] }

/** Cost ÷ bound of every mix, and the median and the worst of each size. */
export function printCosts(results: readonly Result<Case>[]): void {
  const sizes = [...new Set(results.map(({ pods }) => pods))]
  const keys = [...new Set(results.map(({ mix, catalogue }) => `${mix} ${catalogue}`))]
  const cell = (key: string, pods: number): string => {
    const found = results.find((one) => `${one.mix} ${one.catalogue}` === key && one.pods === pods)
    return found === undefined ? '' : toBound(found).toFixed(3)
  }
  const statistic = (name: string, pick: (ratios: readonly number[]) => number | undefined): readonly string[] => [
    name,
    ...sizes.map((pods) => {
      const ratios = results.filter((one) => one.pods === pods).map(toBound)
      return (pick(ratios.toSorted((a, b) => a - b)) ?? 0).toFixed(3)
    }),
  ]
  printRows('Cost ÷ lower bound (goals: 20 pods ≤ 1.20; 200 and more: median ≤ 1.05, worst ≤ 1.10)', [
    ['mix and catalogue', ...sizes.map((pods) => `${pods} pods`)],
    ...keys.map((key) => [key, ...sizes.map((pods) => cell(key, pods))]),
    statistic('median', (ratios) => ratios[ratios.length >> 1]),
    statistic('worst', (ratios) => ratios.at(-1)),
  ])
  printFirstFit(results)
}

function printFirstFit(results: readonly Result<Case>[]): void {
  const ratios = results
    .flatMap(({ runs: [run] }) =>
      run?.firstFitUsdPerHour === undefined ? [] : [run.usdPerHour / run.firstFitUsdPerHour],
    )
    .toSorted((a, b) => a - b)
  const [least = 0] = ratios
  printRows('Cost ÷ cost of first fit in price order', [
    ['', 'least', 'median', 'most', 'goal'],
    [
      `${ratios.length} problems`,
      ...[least, ratios[ratios.length >> 1] ?? 0, ratios.at(-1) ?? 0].map((ratio) => ratio.toFixed(3)),
      '≤ 1',
    ],
  ])
}

/** The time of each decision, without reading the problem. */
export function printTimes(results: readonly Result<TimedCase>[]): void {
  const rate = (pods: number, ms: number): string => ((pods / ms) * 1000).toFixed(0)
  printRows('Decisions: median of the first of a new process, and of later ones, by code that is compiled by then', [
    ['', 'first', 'pods/s', 'later', 'pods/s', 'cost ÷ bound', 'nodes', 'peak RSS', 'goal'],
    ...results.map((result) => {
      const ms = medianOf(result.runs.map(({ decisionMs }) => decisionMs))
      const later = medianOf(result.runs.flatMap(({ laterMs }) => laterMs.slice(1)))
      const [first] = result.runs
      return [
        result.title,
        `${ms.toFixed(0)} ms`,
        rate(result.pods, ms),
        `${later.toFixed(0)} ms`,
        rate(result.pods, later),
        toBound(result).toFixed(3),
        String(first?.nodes ?? 0),
        `${Math.max(...result.runs.map(({ peakMib }) => peakMib)).toFixed(0)} MiB`,
        result.goal,
      ]
    }),
  ])
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0
}

function toBound({ runs: [run] }: { readonly runs: readonly Run[] }): number {
  return run === undefined ? 0 : run.usdPerHour / run.lowerBoundUsdPerHour
}
