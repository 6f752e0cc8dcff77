// npm run test:packing -- [--problems N] [--from SEED] [--out FOLDER]
// Solves N random provisioning problems (default 1,000) and holds each plan to rules that were written apart from the
// solver. Problem number N is the one of seed N, here and everywhere. A problem whose plan is wrong is made as small as it
// still is, and written to a file with its plan and what is wrong; exits with 1 then.
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { type Finding, hunt } from '../test/packing/hunt.ts'
import { solve } from '../test/packing/solver.ts'

const DEFAULT_PROBLEMS = 1000

function main(args: readonly string[]): number {
  const options = { problems: { type: 'string' }, from: { type: 'string' }, out: { type: 'string' } } as const
  const { values } = parseArgs({ args: [...args], options })
  const count = Number(values.problems ?? DEFAULT_PROBLEMS)
  const from = Number(values.from ?? 1)
  const folder = values.out ?? join(tmpdir(), 'longshore-packing')

  const { findings, pods, unschedulable, gaps, toFirstFit } = hunt({ solve, from, count }, (finding) =>
    report(finding, folder),
  )
  stdout.write(
    `${count} problems from seed ${from}: ${pods} pods, of which ${unschedulable} fit nowhere; ${findings.length} plans are ` +
      `not as they should be.\nCost ÷ cheapest, tiny problems: ${sharesOf(gaps)}\nCost ÷ first fit: ${sharesOf(toFirstFit)}\n`,
  )
  return findings.length === 0 ? 0 : 1
}

/** What nine in ten are below, and the ends. */
function sharesOf(ascending: readonly number[]): string {
  const at = (part: number) =>
    ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))]?.toFixed(3)
  return `${ascending.length} known, least ${at(0)}, median ${at(0.5)}, nine in ten up to ${at(0.9)}, worst ${at(1)}`
}

function report({ seed, input, verification: { violations, output } }: Finding, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const lines = violations.map(({ rule, subject, detail }) => `  → ${rule}: ${subject}: ${detail}\n`)
  const file = join(folder, `seed-${seed}`)
  writeFileSync(`${file}.json`, `${JSON.stringify(input, null, 1)}\n`)
  writeFileSync(`${file}.txt`, `seed ${seed}\n${lines.join('')}\nplan: ${JSON.stringify(output, null, 1)}\n`)
  stdout.write(`\nseed ${seed} (${file}.json)\n${lines.join('')}\n`)
}

process.exitCode = main(argv.slice(2))
