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

  test('a host port that a running pod holds is taken, whoever else of its kind runs there', () => {
    const node = { metadata: { name: 'ip-1' }, status: { allocatable: { cpu: '4', memory: '16Gi', pods: '110' } } }
    const containers = [{ ports: [{ containerPort: 80, hostPort: 8000 }] }]
    const bound = [...podsOf(1, { nodeName: 'ip-1' }), ...podsOf(1, { nodeName: 'ip-1', containers })]

    const plan = pack({ pods: [...bound, ...podsOf(1, { containers })], nodes: [node] })

    assert.deepEqual([plan.existing, plan.newNodes.length], [[], 1])
  })

  test('different host ports share a node, and the bound knows', () => {
    const on = (hostPort: number): Pod[] => podsOf(1, { containers: [{ ports: [{ containerPort: 80, hostPort }] }] })

    const plan = pack({ pods: [...on(8000), ...on(8001)] })

    assert.equal(plan.newNodes.length, 1)
    assert.ok(plan.lowerBoundUsdPerHour <= plan.totalUsdPerHour)
  })

  test('a pool whose requirements contradict each other makes no nodes', () => {
    const requirements = ['a', 'b'].map((value) => ({ key: 'tier', operator: 'In' as const, values: [value] }))

    const plan = pack({ pools: [{ ...pool, requirements }], pods: podsOf(1) })

    assert.deepEqual([plan.newNodes, plan.unschedulable.length], [[], 1])
  })

  test('pods that must share a node go as far as the only node has room', () => {
    const node = { metadata: { name: 'ip-1' }, status: { allocatable: { cpu: '32', memory: '80Gi', pods: '110' } } }
    const affinity = {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...byHost, labelSelector: app('web') }] },
    }
    const containers = [{ resources: { requests: { memory: '33Gi' } } }]

    const plan = pack({ pods: podsOf(3, { affinity, containers }, { app: 'web' }), nodes: [node] })

    assert.deepEqual([plan.existing[0]?.pods.length, plan.unschedulable.length], [2, 1])
  })

  test('alike nodes take pods that avoid each other in a zone one after the other', () => {
    const affinity = {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...byZone, labelSelector: app('db') }] },
    }
    const containers = [{ resources: { requests: { cpu: '5' } } }]
    const type = typeOf(8)
    const instanceTypes = [{ ...type, offerings: type.offerings.slice(0, 1) }]

    const plan = pack({
      instanceTypes,
      pods: [...podsOf(2, { containers }), ...podsOf(2, { affinity }, { app: 'db' })],
    })

    assert.deepEqual([plan.newNodes.length, plan.unschedulable.length], [2, 1])
  })
})
