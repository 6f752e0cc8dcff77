import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Pod, PodSpec } from './kubernetes.ts'
import { packPods } from './pack.ts'
import type { InstanceType, NodePool, Plan, ProvisioningProblem } from './problem.ts'

const GIB = 2 ** 30
const ZONES = ['z-a', 'z-b', 'z-c']

/** A type whose price is 0.04 a core, in every zone. */
function typeOf(cores: number, overrides: Partial<InstanceType> = {}): InstanceType {
  const amounts = { cpu: cores * 1000, memory: cores * 4 * GIB, pods: 110 }
  return {
    name: `m.${cores}`,
    capacity: amounts,
    allocatable: amounts,
    labels: { 'kubernetes.io/arch': 'amd64' },
    offerings: ZONES.map((zone) => ({
      zone,
      capacityType: 'on-demand',
      priceUsdPerHour: cores * 0.04,
      available: true,
    })),
    ...overrides,
  }
}

function podsOf(count: number, spec: Partial<PodSpec> = {}, labels: Readonly<Record<string, string>> = {}): Pod[] {
  const containers = [{ resources: { requests: { cpu: '500m', memory: '1Gi' } } }]
  return Array.from({ length: count }, (_, index) => ({
    metadata: { name: `${labels['app'] ?? 'pod'}-${index}`, namespace: 'shop', labels },
    spec: { containers, ...spec },
  }))
}

const pool: NodePool = { name: 'default', weight: 0, requirements: [], labels: {}, taints: [], limits: {} }

function pack(problem: Partial<ProvisioningProblem>): Plan {
  const whole: ProvisioningProblem = {
    pools: [pool],
    instanceTypes: [typeOf(2), typeOf(4), typeOf(8)],
    pods: [],
    nodes: [],
    daemonSets: [],
    persistentVolumeClaims: [],
    persistentVolumes: [],
    storageClasses: [],
    csiNodes: [],
    namespaces: [],
    ...problem,
  }
  return packPods(whole, { rounds: 50, ignorePreferences: false, isTimeUp: () => false })
}

const app = (name: string) => ({ matchLabels: { app: name } })
const byZone = { topologyKey: 'topology.kubernetes.io/zone' }
const byHost = { topologyKey: 'kubernetes.io/hostname' }

/** How many pods each zone got. */
function zonesOf({ newNodes }: Plan): Readonly<Record<string, number>> {
  const zones: Record<string, number> = {}
  for (const { zone, pods } of newNodes) zones[zone] = (zones[zone] ?? 0) + pods.length
  return zones
}

describe('packing', () => {
  test('every pod gets a place', () => {
    const plan = pack({ pods: podsOf(100) })

    assert.equal(plan.newNodes.flatMap(({ pods }) => [...pods]).length, 100)
    assert.deepEqual(plan.unschedulable, [])
  })

  test('free room on nodes that exist comes first', () => {
    const node = {
      metadata: { name: 'ip-1', labels: {} },
      status: { allocatable: { cpu: '4', memory: '16Gi', pods: '110' } },
    }

    const plan = pack({ pods: podsOf(8), nodes: [node] })

    assert.deepEqual(plan.newNodes, [])
    assert.equal(plan.existing[0]?.pods.length, 8)
  })

  test('pods that must spread over zones do', () => {
    const spread = { ...byZone, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector: app('web') }

    const plan = pack({ pods: podsOf(30, { topologySpreadConstraints: [spread] }, { app: 'web' }) })

    assert.deepEqual(zonesOf(plan), { 'z-a': 10, 'z-b': 10, 'z-c': 10 })
  })

  test('pods that must be together in a zone are', () => {
    const affinity = {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...byZone, labelSelector: app('web') }] },
    }

    const plan = pack({ pods: podsOf(30, { affinity }, { app: 'web' }) })

    assert.equal(Object.keys(zonesOf(plan)).length, 1)
  })

  test('pods that avoid each other get a node each', () => {
    const affinity = {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...byHost, labelSelector: app('db') }] },
    }

    const plan = pack({ pods: [...podsOf(5, { affinity }, { app: 'db' }), ...podsOf(10, {}, { app: 'db' })] })

    const alone = plan.newNodes.filter(({ pods }) => pods.some((pod) => pod < 5))
    assert.deepEqual(
      alone.map(({ pods }) => pods.length),
      [1, 1, 1, 1, 1],
    )
  })

  test('a pod that fits nowhere says what keeps it off each pool', () => {
    const taints = [{ key: 'team', value: 'a', effect: 'NoSchedule' }]
    const pools = [pool, { ...pool, name: 'tainted', taints }]
    const [huge] = podsOf(1, { containers: [{ resources: { requests: { cpu: '100' } } }] })

    const plan = pack({ pools, pods: huge === undefined ? [] : [huge] })

    assert.deepEqual(plan.unschedulable[0]?.reasons, [
      'pool default: the pod requests 100 of cpu, and the most that a suitable node has beside its daemons is 8',
      'pool tainted: the pod does not tolerate the taint team=a:NoSchedule',
    ])
  })

  test('a limit of a pool is never passed', () => {
    const plan = pack({ pools: [{ ...pool, limits: { cpu: 10_000 } }], pods: podsOf(100) })

    const cores = plan.newNodes.reduce((sum, { instanceType }) => sum + Number(instanceType.slice(2)), 0)
    assert.ok(cores <= 10)
    assert.equal(plan.newNodes.flatMap(({ pods }) => [...pods]).length, 20)
  })
})
