import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { kinds } from '../../src/app/kinds.ts'
import { runCheck } from './check.ts'
import { checksFor, unusedActions } from './checks.ts'
import { subjectOf } from './subject.ts'

/** The one suite that every kind passes, run from its example. */
for (const kind of kinds) {
  describe(kind.kind, () => {
    const subject = subjectOf(kind)
    const used = new Set<string>()

    for (const check of checksFor(subject)) {
      test(check.name, async () => {
        const { usedActions } = await runCheck(check, subject)
        for (const action of usedActions) used.add(action)
      })
    }

    test('every permission that it declares is needed', () => {
      assert.deepEqual(unusedActions(kind, used), [])
    })
  })
}
