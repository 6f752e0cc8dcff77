import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nodeCalled, podCalled, podsCalled, poolCalled, problemOf, typeCalled } from './builders.ts'
import { checkPlan } from './check-plan.ts'
import { packFirstFit } from './first-fit.ts'

describe('first fit', () => {
  test('uses running nodes, then open ones, then opens the cheapest that holds the pod', () => {
    const input = problemOf({
      instanceTypes: [typeCalled('small', { cpu: 2 }), typeCalled('large', { cpu: 8 })],
      nodes: [nodeCalled('n1', { cpu: 1 })],
      pods: [
        podCalled('big', { requests: { cpu: '3' } }),
        ...podsCalled('a', 7),
        podCalled('last', { requests: { cpu: '1' } }),
      ],
    })

    const plan = packFirstFit(input)

    assert.deepEqual(checkPlan(input, plan), [])
    assert.deepEqual(
      plan.newNodes.map(({ instanceType, pods }) => [instanceType, pods.length]),
      [
        ['large', 6],
        ['small', 2],
      ],
    )
    assert.deepEqual(plan.existing, [{ node: 'n1', pods: ['default/a-0'] }])
  })

  test('comes back to a pod that has to wait for another', () => {
    const labelSelector = { matchLabels: { app: 'web' } }
    const near = [{ topologyKey: 'topology.kubernetes.io/zone', labelSelector }]
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near } }
    const input = problemOf({
      pods: [podCalled('a', { requests: { cpu: '2' }, affinity }), podCalled('b', { labels: { app: 'web' } })],
    })

    const plan = packFirstFit(input)

    assert.deepEqual(checkPlan(input, plan), [])
    assert.deepEqual(plan.unschedulable, [])
  })

  test('leaves what fits nowhere', () => {
    const input = problemOf({ nodePools: [poolCalled('one', { limits: { cpu: '4' } })], pods: podsCalled('a', 5) })

    const plan = packFirstFit(input)

    assert.deepEqual(checkPlan(input, plan), [])
    assert.equal(plan.unschedulable.length, 1)
  })
})
