import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { edited } from './defects/seed.ts'
import { DEFECTS } from './defects/table.ts'
import { sensitivityTo } from './sensitivity.ts'

/** Found soon; `npm run test:faults -- --sensitivity` looks for all of them. */
const QUICK: readonly (readonly [defect: string, problem: RegExp])[] = [
  ['the finalizer is taken after the first status', /is gone while/],
  ['what was written is remembered for ever', /newest\.ts.*though nothing is there/],
  ['an object goes while AWS still deletes', /orphan|is gone while/],
  ['an edit during a pass is lost', /nothing says that|still being deleted|though nothing/],
]
const MOST_SCHEDULES = 60

describe('the explorer finds it soon when', () => {
  for (const [defect, problem] of QUICK) {
    test(defect, async () => {
      const { finding } = await sensitivityTo(defect, MOST_SCHEDULES)

      assert.match(finding?.problems.join('\n') ?? 'nothing was found', problem)
    })
  }
})

test('every defect has its place in the code', () => {
  for (const { edits } of DEFECTS) {
    for (const edit of edits) {
      const source = readFileSync(new URL(`../../${edit.file}`, import.meta.url), 'utf8')

      assert.notEqual(edited(source, edit), source)
    }
  }
})
