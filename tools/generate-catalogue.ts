// Writes src/core/scheduling/catalogue/us-east-1.json: EC2 instance types, what they have and what they cost.
//
//   tools/generate-catalogue.ts REPOSITORY [COMMIT]
//
// REPOSITORY is a checkout or a bare clone of github.com/aws/karpenter-provider-aws (Apache-2.0), COMMIT its HEAD unless given.
// Run by hand when types or prices are to be newer. It says what it could not join, and where what we compute differs from
// the source's own table. The file is checked in, so that nobody else needs that repository.
import { writeFileSync } from 'node:fs'
import { argv, stderr } from 'node:process'
import { fileURLToPath } from 'node:url'
import { typesFromFacts } from '../src/core/scheduling/catalogue/catalogue-type.ts'
import { dataFileText } from './catalogue/data-file.ts'
import { differencesFrom } from './catalogue/differences.ts'
import { bandwidthTableFrom, limitTableFrom, priceTableFrom } from './catalogue/go-tables.ts'
import { type Joined, joinTables } from './catalogue/join.ts'
import { readSourceFiles } from './catalogue/source-files.ts'
import { type TableRow, typeTableFrom } from './catalogue/type-table.ts'

const FILE = fileURLToPath(new URL('../src/core/scheduling/catalogue/us-east-1.json', import.meta.url))

/** As many as somebody may want to look up. */
const MAX_NAMES = 25

const [, , repository, revision = 'HEAD'] = argv
if (repository === undefined) throw new Error('usage: tools/generate-catalogue.ts REPOSITORY [COMMIT]')
generate(repository, revision)

function generate(from: string, at: string): void {
  const files = readSourceFiles(from, at)
  const types = typeTableFrom(files.types)
  const { usdPerHour, region, pricesOf } = priceTableFrom(files.prices)
  const limits = limitTableFrom(files.limits)
  const joined = joinTables({ types, usdPerHour, limits, bandwidths: bandwidthTableFrom(files.bandwidths) })
  const text = dataFileText(joined.facts, { commit: files.commit, region, pricesOf }, types)
  writeFileSync(FILE, text)
  say(`${joined.facts.length} types of ${files.commit}, prices of ${pricesOf}: ${text.length} bytes`)
  sayWhatIsMissing(joined)
  sayWhatDiffers(joined, types)
}

function sayWhatIsMissing({ withoutPrice, withoutLimits, withoutRow }: Joined): void {
  sayNames('left out, no on-demand price in the region', withoutPrice)
  sayNames('left out, no VPC limits', withoutLimits)
  sayNames(
    'left out, priced but not in the table of types (no longer described by EC2, or not usable by Karpenter)',
    withoutRow,
  )
}

/** The tables are of different dates: the newer wins, which is the one that we do not compare with. */
function sayWhatDiffers({ facts }: Joined, rows: readonly TableRow[]): void {
  const byName = new Map(rows.map((row) => [row.name, row]))
  const differences = typesFromFacts(facts).flatMap((type) => {
    const row = byName.get(type.name)
    return row === undefined ? [] : differencesFrom(type, row)
  })
  for (const [field, found] of Map.groupBy(differences, (difference) => difference.field)) {
    const examples = found.map(({ name, computed, table }) => `${name} ${computed} (table: ${table})`)
    sayNames(`${field} differs from the table`, examples)
  }
}

function sayNames(what: string, names: readonly string[]): void {
  if (names.length === 0) return
  const rest = names.length - MAX_NAMES
  say(`${what}, ${names.length}: ${names.slice(0, MAX_NAMES).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`)
}

function say(line: string): void {
  stderr.write(`${line}\n`)
}
