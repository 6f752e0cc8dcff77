import type { FileNumbers } from './file-numbers.ts'

export interface MeasuredFile {
  readonly path: string
  readonly numbers: FileNumbers
}

/** The numbers of the house, one line each: what, the value, what we want to keep to. */
export function summaryLines(files: readonly MeasuredFile[]): readonly string[] {
  const sources = files.filter(({ path }) => !isTest(path)).map(({ numbers }) => numbers)
  const tests = files.filter(({ path }) => isTest(path)).map(({ numbers }) => numbers)
  const lines = total(sources, ({ lines: count }) => count)
  const functions = sources.flatMap(({ functionLengths }) => functionLengths)
  const perThousand = (count: (numbers: FileNumbers) => number): string =>
    ((total(sources, count) * 1000) / lines).toFixed(2)
  return [
    row('source lines', lines, ''),
    row('function length, median', quantile(functions, 0.5), '≤ 8'),
    row('function length, 90th percentile', quantile(functions, 0.9), '≤ 25'),
    row('function length, longest', quantile(functions, 1), '≤ 50'),
    row(
      'file length, median',
      quantile(
        sources.map((numbers) => numbers.lines),
        0.5,
      ),
      '≤ 100',
    ),
    row('test lines per source line', (total(tests, (numbers) => numbers.lines) / lines).toFixed(2), '≥ 1.5'),
    row('comment lines, %', ((total(sources, ({ commentLines }) => commentLines) * 100) / lines).toFixed(1), '10–20'),
    row(
      'suppressions per 1,000 lines',
      perThousand(({ suppressions }) => suppressions),
      '≤ 0.5',
    ),
    row(
      'any per 1,000 lines',
      perThousand(({ anys }) => anys),
      '0',
    ),
    row(
      '! per 1,000 lines',
      perThousand(({ assertions }) => assertions),
      '0',
    ),
    row(
      'casts per 1,000 lines',
      perThousand(({ casts }) => casts),
      '≤ 1',
    ),
  ]
}

/** Tests are the files that run as such, and what only they use. */
function isTest(path: string): boolean {
  return path.startsWith('test/') || /\.test\.[jt]s$/.test(path)
}

function total(all: readonly FileNumbers[], count: (numbers: FileNumbers) => number): number {
  return all.reduce((sum, numbers) => sum + count(numbers), 0)
}

/** The smallest value that the given part of all values does not exceed; 0 of nothing. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
}

function row(what: string, value: number | string, target: string): string {
  return `${what.padEnd(34)}${String(value).padStart(8)}   ${target}`.trimEnd()
}
