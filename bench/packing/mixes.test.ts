import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { typeCalled } from '../../test/packing/builders.ts'
import { checkPlan } from '../../test/packing/check-plan.ts'
import { packFirstFit } from '../../test/packing/first-fit.ts'
import { karpenterTypes } from './karpenter-types.ts'
import { MIXES } from './mixes.ts'

const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c']
const arm = { 'kubernetes.io/arch': 'arm64' }
const TYPES = [
  typeCalled('m6a.2xlarge', { cpu: 8, zones, pods: 58 }),
  typeCalled('m6a.8xlarge', { cpu: 32, zones, pods: 234 }),
  typeCalled('m7g.4xlarge', { cpu: 16, zones, pods: 234, labels: arm }),
  typeCalled('g5.2xlarge', { cpu: 8, zones, pods: 58, price: 1.2, more: { 'nvidia.com/gpu': '1' } }),
]

describe('the mix', () => {
  for (const [name, mix] of Object.entries(MIXES)) {
    test(`${name} has the pods that it is asked for, each called differently`, () => {
      const names = [1, 7, 100, 2000].map(
        (size) => new Set(mix(size, 42).pods.map(({ metadata }) => metadata.name)).size,
      )

      assert.deepEqual(names, [1, 7, 100, 2000])
    })

    test(`${name} is the same for the same seed`, () => assert.deepEqual(mix(50, 42), mix(50, 42)))

    test(`${name} can be placed, all of it`, () => {
      const input = { ...mix(40, 42), instanceTypes: TYPES }

      const plan = packFirstFit(input)

      assert.deepEqual(plan.unschedulable, [])
      assert.deepEqual(checkPlan(input, plan), [])
    })
  }
})

test("Karpenter's types grow in steps of one CPU and are offered five times in three zones", () => {
  const types = karpenterTypes()
  const [first, last] = [types.at(0), types.at(-1)]

  assert.equal(types.length, 400)
  assert.deepEqual(first?.allocatable, { cpu: '900m', memory: '2038Mi', pods: '10' })
  assert.deepEqual(last?.capacity, { cpu: '400', memory: '800Gi', pods: '4000' })
  assert.deepEqual(new Set(last?.offerings.map(({ zone }) => zone)).size, 3)
  assert.equal(last?.offerings.length, 5)
})
