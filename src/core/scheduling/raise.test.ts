import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Pod, PodSpec } from './kubernetes.ts'
import { packPods } from './pack.ts'
import type { InstanceType, NodePool, Plan } from './problem.ts'

const GIB = 2 ** 30
const RACK = 'rack'
const ZONE = 'topology.kubernetes.io/zone'

function typeOf(cores: number, priceUsdPerHour: number): InstanceType {
  const amounts = { cpu: cores * 1000, memory: 16 * GIB, pods: 110 }
  const offerings = ['z-a', 'z-b'].map((zone) => ({
    zone,
    capacityType: 'on-demand',
    priceUsdPerHour,
    available: true,
  }))
  return { name: `m.${cores}`, capacity: amounts, allocatable: amounts, labels: {}, offerings }
}

function poolOf(name: string, weight: number, overrides: Partial<NodePool> = {}): NodePool {
  return { name, weight, requirements: [], labels: {}, taints: [], limits: {}, ...overrides }
}

function podsOf(count: number, cpu: string, spec: Partial<PodSpec> = {}): Pod[] {
  return Array.from({ length: count }, (_, index) => ({
    metadata: { name: `${cpu}-${index}`, namespace: 'shop', labels: { app: 'web' } },
    spec: { containers: [{ resources: { requests: { cpu, memory: '64Mi' } } }], ...spec },
  }))
}

function pack(pools: readonly NodePool[], instanceTypes: readonly InstanceType[], pods: readonly Pod[]): Plan {
  const nothing = { persistentVolumeClaims: [], persistentVolumes: [], storageClasses: [], csiNodes: [] }
  return packPods(
    { pools, instanceTypes, pods, nodes: [], daemonSets: [], namespaces: [], ...nothing },
    { rounds: 50, ignorePreferences: false, isTimeUp: () => false },
  )
}

/** How many nodes of each type each pool got. */
function nodesOf({ newNodes }: Plan): Readonly<Record<string, number>> {
  const nodes: Record<string, number> = {}
  for (const { nodePool, instanceType } of newNodes) {
    const name = `${nodePool} ${instanceType}`
    nodes[name] = (nodes[name] ?? 0) + 1
  }
  return nodes
}

const away = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: RACK, labelSelector: { matchLabels: { app: 'web' } } },
      ],
    },
  },
}

describe('weights of pools', () => {
  test('a lighter pool gets what the limit of a heavier one leaves no room for, and nothing else', () => {
    const pools = [poolOf('heavy', 1, { limits: { cpu: 10_000 } }), poolOf('light', 0)]
    const onPort = { containers: [{ ports: [{ containerPort: 80, hostPort: 80 }] }] }
    const types = [typeOf(1, 0.0322), typeOf(2, 0.0782), typeOf(8, 0.2128)]

    const plan = pack(pools, types, [...podsOf(5, '100m', onPort), ...podsOf(6, '1500m')])

    const cores = plan.newNodes
      .filter(({ nodePool }) => nodePool === 'heavy')
      .map(({ instanceType }) => Number(instanceType.slice(2)))
    // Whoever is on a lighter node asks for two cores of a heavier one.
    assert.ok(cores.reduce((sum, own) => sum + own, 0) > 8, JSON.stringify(nodesOf(plan)))
    assert.deepEqual(plan.unschedulable, [])
  })

  test('who finds the limit reached where it was sent goes where another heavy pool has room', () => {
    const pools = [
      poolOf('limited', 1, { limits: { cpu: 4000 } }),
      poolOf('light', 0),
      poolOf('racked', 1, { labels: { [RACK]: 'r-1' } }),
    ]

    const plan = pack(pools, [typeOf(2, 0.08)], podsOf(3, '1500m', away))

    assert.deepEqual(nodesOf(plan), { 'limited m.2': 2, 'racked m.2': 1 })
  })

  test('a pod stays on its lighter node where others need it there', () => {
    const near = {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: ZONE, labelSelector: { matchLabels: { app: 'web' } } },
          ],
        },
      },
    }
    const inZone = (zone: string): Pick<NodePool, 'requirements'> => ({
      requirements: [{ key: ZONE, operator: 'In', values: [zone] }],
    })
    const pools = [
      poolOf('limited', 1, { ...inZone('z-b'), limits: { cpu: 2000 } }),
      poolOf('heavy', 1, inZone('z-a')),
      poolOf('light', 0, inZone('z-b')),
    ]
    const dearer = typeOf(2, 0.08)
    const offerings = dearer.offerings.map((one) => ({ ...one, priceUsdPerHour: one.zone === 'z-a' ? 0.09 : 0.08 }))
    const other = podsOf(1, '1900m', { nodeSelector: { [ZONE]: 'z-b' } }).map((pod) => ({
      ...pod,
      metadata: { name: 'other' },
    }))
    const needy = podsOf(1, '1800m', { ...near, nodeSelector: { [ZONE]: 'z-b' } }).map((pod) => ({
      ...pod,
      metadata: { name: 'needy', namespace: 'shop' },
    }))

    const plan = pack(pools, [{ ...dearer, offerings }], [...podsOf(1, '1500m'), ...other, ...needy])

    assert.deepEqual(nodesOf(plan), { 'limited m.2': 1, 'light m.2': 2 })
    assert.deepEqual(plan.unschedulable, [])
  })
})
