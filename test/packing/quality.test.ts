import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CATALOGUES, type CatalogueName } from '../../bench/packing/catalogues.ts'
import { MIXES } from '../../bench/packing/mixes.ts'
import { solve } from './solver.ts'

/** Workloads of the benchmark, and how far above its bound a plan may be. Time plays no part: all rounds are made. */
const CASES: readonly (readonly [mix: string, pods: number, catalogue: CatalogueName, most: number])[] = [
  ['karpenter-diverse', 1000, 'karpenter', 1.08],
  ['karpenter-diverse', 2000, 'cmr-32', 1.1],
  // Nodes are whole: nothing cheaper holds these.
  ['karpenter-preferences', 20, 'cmr', 1.0001],
  ['many-tiny', 200, 'cmr', 1.0001],
  ['benchmark-shapes', 200, 'cmr', 1.05],
  ['log-normal', 400, 'cmr', 1.05],
  ['six-large', 200, 'cmr-32', 1.03],
  ['zone-spread', 200, 'cmr-32', 1.06],
  ['stateful-sets', 300, 'cmr', 1.05],
  ['web-and-batch', 200, 'cmr', 1.05],
]

describe('what a plan costs beside what any plan must cost', () => {
  for (const [mix, pods, catalogue, most] of CASES) {
    test(`${pods} pods of ${mix} on ${catalogue}: at most ${most} times`, () => {
      const workload = MIXES[mix]?.(pods, 42)
      assert.ok(workload !== undefined)

      const plan = solve({ ...workload, instanceTypes: CATALOGUES[catalogue](), options: { timeLimitMs: 60_000 } })

      assert.deepEqual(plan.unschedulable, [])
      const ratio = plan.totalUsdPerHour / plan.lowerBoundUsdPerHour
      assert.ok(ratio <= most, `${ratio.toFixed(3)} times`)
    })
  }
})
