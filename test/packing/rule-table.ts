import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkPlan } from './check-plan.ts'
import type { Affinity, Expression, PackInput } from './documents.ts'
import { type PlanWords, planWith } from './plan-builder.ts'
import type { Rule } from './violation.ts'

/** A rule, a problem, and two plans of which only the first keeps it. */
interface Row {
  readonly fact: string
  readonly input: PackInput
  readonly kept?: PlanWords
  readonly broken?: PlanWords
}

/** Titles are facts of the documentation; `broken` must be blamed under the rule of the table and nothing else. */
export function rows(rule: Rule, table: readonly Row[]): void {
  describe(rule, () => {
    for (const { fact, input, kept, broken } of table) {
      test(fact, () => {
        if (kept) assert.deepEqual(checkPlan(input, planWith(input, kept)), [])
        if (broken) assert.deepEqual(rulesBroken(input, broken), [rule])
      })
    }
  })
}

function rulesBroken(input: PackInput, words: PlanWords): readonly string[] {
  return [...new Set(checkPlan(input, planWith(input, words)).map(({ rule }) => rule))]
}

/** Required node affinity with a single line. */
export function demand(key: string, operator: string, ...values: string[]): { readonly affinity: Affinity } {
  return {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [line(key, operator, ...values)] }],
        },
      },
    },
  }
}

/** A line of a selector. */
export function line(key: string, operator: string, ...values: string[]): Expression {
  return { key, operator, ...(values.length > 0 && { values }) }
}
