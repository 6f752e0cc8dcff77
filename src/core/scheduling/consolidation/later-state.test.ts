import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plannedNode } from '../../../../test/support/pack-decision.ts'
import { nodeOf, podOf, POOL, problemOf, typeOf } from '../../../../test/support/running-cluster.ts'
import { afterChange } from './later-state.ts'

test('a node that comes carries what its pool, its type, its offering and the plan say', () => {
  const taints = [{ key: 'batch', effect: 'NoSchedule' }]
  const requirements = [{ key: 'example.com/tier', operator: 'In' as const, values: ['one'] }]
  const problem = problemOf({
    pools: [{ ...POOL, labels: { team: 'data' }, taints, requirements }],
    instanceTypes: [{ ...typeOf(4), labels: { 'kubernetes.io/arch': 'arm64' } }],
    nodes: [nodeOf('a', 4), nodeOf('b', 4)],
    pods: [podOf('x', 'a', '1'), podOf('y', 'a', '1')],
  })
  const planned = plannedNode('new', {
    nodePool: 'general',
    instanceType: 'm.4',
    labels: { rack: 'r1' },
    pods: Int32Array.of(0),
  })

  const { nodes, pods } = afterChange(problem, {
    remove: new Set(['a']),
    add: [planned],
    existing: [{ node: 'b', pods: Int32Array.of(1) }],
  })

  const [, added] = nodes
  assert.deepEqual(
    nodes.map(({ metadata }) => metadata.name),
    ['b', 'new'],
  )
  assert.deepEqual(added?.metadata.labels, {
    'kubernetes.io/arch': 'arm64',
    'example.com/tier': 'one',
    team: 'data',
    rack: 'r1',
    'node.kubernetes.io/instance-type': 'm.4',
    'topology.kubernetes.io/zone': 'us-east-1a',
    'longshore.dev/capacity-type': 'on-demand',
    'longshore.dev/nodepool': 'general',
    'kubernetes.io/hostname': 'new',
  })
  assert.deepEqual(added?.spec?.taints, taints)
  assert.deepEqual(added?.status?.allocatable, { cpu: '2', memory: '4Gi', pods: '10' })
  assert.deepEqual(
    pods.map(({ spec }) => spec.nodeName),
    ['new', 'b'],
  )
})
