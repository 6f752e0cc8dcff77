import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cheapestPlan } from './brute-force.ts'
import { checkPlan } from './check-plan.ts'
import { packFirstFit } from './first-fit.ts'
import { problems, tinyProblems } from './generate/problems.ts'
import { planStateFrom } from './plan-state.ts'

test('first fit keeps every rule in random problems', () => {
  fc.assert(
    fc.property(problems, (input) => assert.deepEqual(checkPlan(input, packFirstFit(input)), [])),
    { seed: 1, numRuns: 150 },
  )
})

test('first fit is never cheaper than the cheapest plan', () => {
  fc.assert(
    fc.property(tinyProblems, (input) => {
      const output = packFirstFit(input)
      const { problem, placements } = planStateFrom(input, output)
      const loads = placements.map(({ load }) => load)

      const optimum = cheapestPlan({ problem, loads, fixed: [], running: 'used', reading: 'lenient' })

      assert.notEqual(optimum.type, 'impossible')
      if (optimum.type === 'cheapest') assert.ok(output.totalUsdPerHour >= optimum.usdPerHour - 1e-9)
    }),
    { seed: 1, numRuns: 60 },
  )
})
