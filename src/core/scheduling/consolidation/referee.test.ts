import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nodeOf, podOf, POOL, problemOf, ZONE } from '../../../../test/support/running-cluster.ts'
import type { PlannedNode } from '../problem.ts'
import type { ConsolidationProblem } from './consolidation.ts'
import { prospectsFrom } from './earnings.ts'
import { createReferee } from './referee.ts'
import { runningNodesIn } from './running-nodes.ts'

/** A referee over nodes in question, to be asked: these go, these pods come to these nodes. */
function refereeOf(problem: ConsolidationProblem, victims: readonly string[]) {
  const price = { usdPerDisruption: 0, paybackHours: 1 }
  const chosen = prospectsFrom(runningNodesIn(problem), problem, price).filter(({ node }) =>
    victims.includes(node.metadata.name),
  )
  const referee = createReferee(problem, { victims: chosen, closed: new Set() }, { ignorePreferences: false })
  return (remove: readonly string[], seats: Readonly<Record<string, number[]>>, add: readonly PlannedNode[] = []) =>
    referee.admits({
      remove: new Set(remove),
      add,
      existing: Object.entries(seats).map(([node, pods]) => ({ node, pods: Int32Array.from(pods) })),
    })
}

function planned(cpus: number, pods: readonly number[]): PlannedNode {
  return {
    name: 'new',
    nodePool: 'general',
    instanceType: `m.${cpus}`,
    zone: 'zone-a',
    capacityType: 'on-demand',
    priceUsdPerHour: 0,
    pods: Int32Array.from(pods),
    daemonPods: [],
    requests: {},
    allocatable: {},
    labels: {},
    runnerUp: undefined,
  }
}

const inZoneB = { labels: { [ZONE]: 'zone-b' } }
const labelSelector = { matchLabels: { app: 'web' } }
const spread = { topologyKey: ZONE, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector }
const web = { metadata: { labels: { app: 'web' } }, spec: { topologySpreadConstraints: [spread] } }
const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: ZONE, labelSelector }] }
const shy = { spec: { affinity: { podAntiAffinity } } }

describe('a referee', () => {
  test('lets pods go where there is room, until there is none', () => {
    const nodes = ['a', 'b', 'c'].map((name) => nodeOf(name, 2))
    const ask = refereeOf(problemOf({ nodes, pods: [podOf('x', 'a', '2'), podOf('y', 'b', '2')] }), ['a', 'b'])

    assert.equal(ask(['a'], { c: [0] }), true)
    assert.equal(ask(['b'], { c: [1] }), false)
  })

  test('knows that a node which went takes nobody', () => {
    const nodes = [nodeOf('a', 2), nodeOf('b', 2)]
    const ask = refereeOf(problemOf({ nodes, pods: [podOf('x', 'a', '1')] }), ['a', 'b'])

    assert.equal(ask(['b'], {}), true)
    assert.equal(ask(['a'], { b: [0] }), false)
  })

  test('keeps zones even, with those who have not moved yet where they are', () => {
    const nodes = [nodeOf('a', 2), nodeOf('b', 2, inZoneB), nodeOf('c', 4), nodeOf('d', 4, inZoneB)]
    const ask = refereeOf(problemOf({ nodes, pods: [podOf('x', 'a', '1', web), podOf('y', 'b', '1', web)] }), [
      'a',
      'b',
    ])

    assert.equal(ask(['b'], { c: [1] }), false)
    assert.equal(ask(['b'], { d: [1] }), true)
    assert.equal(ask(['a'], { d: [0] }), false)
    assert.equal(ask(['a'], { c: [0] }), true)
  })

  test('lets a pod into a zone once whom it avoids has left', () => {
    const nodes = [nodeOf('a', 2), nodeOf('b', 2, inZoneB), nodeOf('c', 4), nodeOf('d', 4, inZoneB)]
    const pods = [podOf('x', 'a', '1', { metadata: web.metadata }), podOf('y', 'b', '1', shy)]
    const ask = refereeOf(problemOf({ nodes, pods }), ['a', 'b'])

    assert.equal(ask(['b'], { c: [1] }), false)
    assert.equal(ask(['a', 'b'], { d: [0], c: [1] }), true)
  })

  test('keeps pods out of a node whose company they avoid', () => {
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector }
    const alone = {
      spec: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } },
    }
    const nodes = ['a', 'b', 'c'].map((name) => nodeOf(name, 4))
    const pods = [podOf('x', 'a', '1', { metadata: web.metadata }), podOf('y', 'b', '1', alone)]
    const ask = refereeOf(problemOf({ nodes, pods }), ['a', 'b'])

    assert.equal(ask(['a'], { c: [0] }), true)
    assert.equal(ask(['b'], { c: [1] }), false)
  })

  test('holds pools to their limits, of which a node that goes gives back what it had', () => {
    const pools = [{ ...POOL, limits: { cpu: 6000 } }]
    const pods = [podOf('x', 'a', '1'), podOf('y', 'b', '1')]
    const ask = refereeOf(problemOf({ pools, nodes: [nodeOf('a', 4), nodeOf('b', 2)], pods }), ['a', 'b'])

    assert.equal(ask(['b'], {}, [planned(4, [1])]), false)
    assert.equal(ask(['a'], {}, [planned(2, [0])]), true)
    assert.equal(ask(['b'], {}, [planned(4, [1])]), true)
  })
})
