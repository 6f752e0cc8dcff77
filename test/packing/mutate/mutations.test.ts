import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { checkPlan } from '../check-plan.ts'
import { packFirstFit } from '../first-fit.ts'
import { problems } from '../generate/problems.ts'
import type { Mutation } from './mutation.ts'
import { WRONG_NEIGHBOURS } from './neighbours.ts'
import { WRONG_NODES } from './nodes.ts'
import type { PlanCase } from './plan-case.ts'
import { WRONG_STATEMENTS } from './statements.ts'

const MUTATIONS: readonly Mutation[] = [...WRONG_STATEMENTS, ...WRONG_NODES, ...WRONG_NEIGHBOURS]

/** Plans to spoil, and how many of them each mutation must find something to spoil in. */
const PLANS = 120
const LEAST = 3
const MOST = 6

const right: readonly PlanCase[] = fc
  .sample(problems, { seed: 7, numRuns: PLANS })
  .map((input) => ({ input, output: packFirstFit(input) }))

describe('a right plan is blamed when', () => {
  for (const mutation of MUTATIONS) {
    const { kind, rule } = mutation
    test(kind, () => {
      const spoilt = right.flatMap((plan) => mutation.apply(plan) ?? []).slice(0, MOST)
      const unnoticed = spoilt.filter(
        ({ input, output }) => !checkPlan(input, output).some((found) => found.rule === rule),
      )

      assert.ok(spoilt.length >= LEAST, `only ${spoilt.length} of ${PLANS} plans can be spoilt so`)
      assert.deepEqual(unnoticed, [])
    })
  }
})
