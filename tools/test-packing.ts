// npm run test:packing -- [--problems N] [--clusters N] [--from SEED] [--out FOLDER]
// Solves N random provisioning problems (default 1,000) and holds each plan to rules that were written apart from the
// solver. Problem number N is the one of seed N, here and everywhere. A problem whose plan is wrong is made as small as it
// still is, and written to a file with its plan and what is wrong; exits with 1 then. The same for the moves of N random
// clusters (default a quarter of the problems), followed round after round until there are none.
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { type Finding, hunt } from '../test/packing/hunt.ts'
import { type MoveFinding, huntMoves } from '../test/packing/moves/hunt-moves.ts'
import { move, solve } from '../test/packing/solver.ts'

const DEFAULT_PROBLEMS = 1000

function main(args: readonly string[]): number {
  const options = {
    problems: { type: 'string' },
    from: { type: 'string' },
    out: { type: 'string' },
    clusters: { type: 'string' },
  } as const
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
  const clusters = Number(values.clusters ?? Math.ceil(count / 4))
  const followed = huntMoves({ move, from, count: clusters }, (finding) => reportMoves(finding, folder))
  stdout.write(
    `${clusters} clusters from seed ${from}: ${followed.moves} moves in ${followed.rounds} rounds; in ` +
      `${followed.findings.length} clusters they are not as they should be.\n`,
  )
  return findings.length + followed.findings.length === 0 ? 0 : 1
}

/** What nine in ten are below, and the ends. */
function sharesOf(ascending: readonly number[]): string {
  const at = (part: number) =>
    ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))]?.toFixed(3)
  return `${ascending.length} known, least ${at(0)}, median ${at(0.5)}, nine in ten up to ${at(0.9)}, worst ${at(1)}`
}

function report({ seed, input, verification: { violations, output } }: Finding, folder: string): void {
  const words = write({ name: `seed-${seed}`, input, violations }, folder, `plan: ${JSON.stringify(output, null, 1)}\n`)
  stdout.write(`\nseed ${seed}${words}\n`)
}

function reportMoves({ seed, input, violations }: MoveFinding, folder: string): void {
  stdout.write(`\ncluster ${seed}${write({ name: `cluster-${seed}`, input, violations }, folder, '')}\n`)
}

interface Wrong {
  readonly name: string
  readonly input: unknown
  readonly violations: Finding['verification']['violations']
}

/** Writes what is wrong to files; answers where, and what. */
function write({ name, input, violations }: Wrong, folder: string, more: string): string {
  mkdirSync(folder, { recursive: true })
  const lines = violations.map(({ rule, subject, detail }) => `  → ${rule}: ${subject}: ${detail}\n`).join('')
  const file = join(folder, name)
  writeFileSync(`${file}.json`, `${JSON.stringify(input, null, 1)}\n`)
  writeFileSync(`${file}.txt`, `${name}\n${lines}\n${more}`)
  return ` (${file}.json)\n${lines}`
}

process.exitCode = main(argv.slice(2))
