import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canArrive } from './arrivals.ts'
import { copyOfCounts } from './domain-counts.ts'
import { copyOf, putOn } from './load.ts'
import { modelFrom } from './model.ts'
import { openBoard } from './open-board.ts'
import type { ProvisioningProblem } from './problem.ts'
import { regionsOf } from './regions.ts'

const ZONES = ['z-a', 'z-b']
const SPREAD = {
  topologyKey: 'topology.kubernetes.io/zone',
  maxSkew: 1,
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: { app: 'web' } },
}

/** Pods that want zones even, and one type in two zones. */
function problemOf(pods: number): ProvisioningProblem {
  const amounts = { cpu: 8000, memory: 2 ** 33, pods: 110 }
  const offerings = ZONES.map((zone) => ({ zone, capacityType: 'on-demand', priceUsdPerHour: 1, available: true }))
  return {
    pools: [{ name: 'default', weight: 0, requirements: [], labels: {}, taints: [], limits: {} }],
    instanceTypes: [{ name: 'm', capacity: amounts, allocatable: amounts, labels: {}, offerings }],
    pods: Array.from({ length: pods }, (_, index) => ({
      metadata: { name: `web-${index}`, labels: { app: 'web' } },
      spec: { containers: [{}], topologySpreadConstraints: [SPREAD] },
    })),
    nodes: [],
    daemonSets: [],
    persistentVolumeClaims: [],
    persistentVolumes: [],
    storageClasses: [],
    csiNodes: [],
    namespaces: [],
  }
}

for (const { perZone, expected } of [
  { perZone: [2, 2], expected: true },
  { perZone: [2, 1], expected: true },
  { perZone: [3, 1], expected: false },
  { perZone: [2, 0], expected: false },
]) {
  test(`${perZone.join(' and ')} pods that want two zones even can ${expected ? '' : 'not '}come one after the other`, () => {
    const problem = problemOf(perZone.reduce((sum, count) => sum + count, 0))
    const model = modelFrom(problem, { ignorePreferences: false })
    const board = openBoard(model, problem)
    const before = copyOfCounts(board.counts)
    const [shape] = model.shapes
    for (const [place, count] of perZone.entries()) {
      const fresh = board.fresh[place]
      if (fresh === undefined || shape === undefined || count === 0) continue
      const load = copyOf(fresh)
      putOn(load, shape, count)
      board.bins.push({ place, load, copies: 1 })
    }

    assert.equal(canArrive(board, regionsOf(model), before), expected)
  })
}
