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

const inZone = (zone: string) => ({ key: byZone.topologyKey, operator: 'In' as const, values: [zone] })

function wanting(cpu: string): Partial<PodSpec> {
  return { containers: [{ resources: { requests: { cpu, memory: '1Gi' } } }] }
}

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

  test('pods that others want even are kept even', () => {
    const spread = { ...byZone, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector: app('web') }
    const watchers = podsOf(9, { topologySpreadConstraints: [spread] }, { app: 'watcher' })

    const plan = pack({ pods: [...podsOf(12, {}, { app: 'web' }), ...watchers] })

    assert.deepEqual(plan.unschedulable, [])
    const web = plan.newNodes.map(({ zone, pods }) => [zone, pods.filter((pod) => pod < 12).length] as const)
    const inZones = ZONES.map((zone) => web.reduce((sum, [own, count]) => sum + (own === zone ? count : 0), 0))
    assert.deepEqual(inZones, [4, 4, 4])
  })

  test('pods whose zones nobody wants even share one, which takes fewer nodes', () => {
    const affinity = {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, podAffinityTerm: { ...byZone, labelSelector: app('other') } },
        ],
      },
    }

    const plan = pack({ pods: podsOf(8, { affinity }, { app: 'web' }) })

    assert.equal(Object.keys(zonesOf(plan)).length, 1)
  })

  test('the weight of a pool comes before what pods like about another', () => {
    const heavy = { ...pool, name: 'heavy', weight: 10, requirements: [inZone('z-a')] }
    const light = { ...pool, name: 'light', requirements: [inZone('z-b')], labels: { rack: 'r1' } }
    const preference = { matchExpressions: [inZone('z-b')] }
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference }] }
    const onRacks = { topologyKey: 'rack', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: app('web') }
    const likers: Partial<PodSpec>[] = [{ affinity: { nodeAffinity } }, { topologySpreadConstraints: [onRacks] }]

    for (const spec of likers) {
      const plan = pack({ pools: [light, heavy], pods: podsOf(3, spec, { app: 'web' }) })
      assert.deepEqual(
        plan.newNodes.map(({ nodePool }) => nodePool),
        ['heavy'],
      )
    }
  })

  test('small nodes are filled in the best way there is', () => {
    // Whoever takes the most valuable first puts two of four cores on a node, and nothing beside them.
    const nine = { cpu: 10_000, memory: 64 * GIB, pods: 110 }
    const only = { ...typeOf(10), capacity: nine, allocatable: nine }

    const plan = pack({ instanceTypes: [only], pods: [...podsOf(80, wanting('4')), ...podsOf(160, wanting('3'))] })

    assert.equal(plan.newNodes.length, 80)
    assert.ok(plan.lowerBoundUsdPerHour > 0.999 * plan.totalUsdPerHour)
  })

  test('the bound knows that pods cannot be divided', () => {
    // Two of 3 cores or three of 2.6 on each node: what is left takes half a pod, which is nothing.
    const plan = pack({
      instanceTypes: [typeOf(8)],
      pods: [...podsOf(10, wanting('3')), ...podsOf(9, wanting('2600m'))],
    })

    assert.equal(plan.newNodes.length, 8)
    assert.ok(plan.lowerBoundUsdPerHour > 0.999 * plan.totalUsdPerHour)
  })

  test('among pools of one weight pods get the zone that they like', () => {
    const preference = { matchExpressions: [inZone('z-b')] }
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference }] }

    const plan = pack({ pods: podsOf(3, { affinity: { nodeAffinity } }) })

    assert.deepEqual(zonesOf(plan), { 'z-b': 3 })
  })

  test('daemons are expected on a node that still has the start-up taints of its pool', () => {
    const startupTaints = [{ key: 'starting', effect: 'NoSchedule' as const }]
    const node = {
      metadata: { name: 'ip-1', labels: { 'longshore.dev/nodepool': 'default' } },
      spec: { taints: startupTaints },
      status: { allocatable: { cpu: '1', memory: '16Gi', pods: '110' } },
    }
    const template = { spec: { containers: [{ resources: { requests: { cpu: '600m' } } }] } }
    const daemonSets = [{ metadata: { name: 'agent', namespace: 'kube-system' }, spec: { template } }]

    const plan = pack({ pools: [{ ...pool, startupTaints }], nodes: [node], daemonSets, pods: podsOf(1) })

    assert.deepEqual([plan.existing, plan.newNodes.length], [[], 1])
  })

  test('a group that wants to be together begins anew where its only pods are in no domain', () => {
    const node = { metadata: { name: 'ip-1' }, status: { allocatable: { cpu: '500m', memory: '1Gi', pods: '1' } } }
    const affinity = {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'rack', labelSelector: app('web') }],
      },
    }
    const [bound, pending] = [
      podsOf(1, { affinity, nodeName: 'ip-1' }, { app: 'web' }),
      podsOf(1, { affinity }, { app: 'web' }),
    ]

    const plan = pack({ pools: [{ ...pool, labels: { rack: 'r1' } }], nodes: [node], pods: [...bound, ...pending] })

    assert.deepEqual([plan.unschedulable, plan.newNodes.length], [[], 1])
  })

  test('a zone counts for spread although the disk of a pod cannot be there', () => {
    const node = {
      metadata: { name: 'ip-1', labels: { [byZone.topologyKey]: 'z-d' } },
      status: { allocatable: { cpu: '100m', memory: '1Gi', pods: '110' } },
    }
    const spread = { ...byZone, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector: app('db') }
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
    const matchLabelExpressions = [{ key: byZone.topologyKey, values: ['z-a'] }]

    const plan = pack({
      nodes: [node],
      pods: podsOf(3, { topologySpreadConstraints: [spread], volumes }, { app: 'db' }),
      persistentVolumeClaims: [
        {
          metadata: { name: 'data', namespace: 'shop' },
          spec: { storageClassName: 'disk', accessModes: ['ReadWriteOnce'] },
        },
      ],
      storageClasses: [
        {
          metadata: { name: 'disk' },
          provisioner: 'ebs.csi.aws.com',
          volumeBindingMode: 'WaitForFirstConsumer',
          allowedTopologies: [{ matchLabelExpressions }],
        },
      ],
    })

    // z-d has none and can have none: one in z-a is as uneven as may be.
    assert.deepEqual([zonesOf(plan), plan.unschedulable.length], [{ 'z-a': 1 }, 2])
  })

  test('pods that must share a node do not come when their zone would get too many', () => {
    const affinity = {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...byHost, labelSelector: app('web') }] },
    }
    const spread = { ...byZone, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector: app('web') }

    const plan = pack({ pods: podsOf(3, { affinity, topologySpreadConstraints: [spread] }, { app: 'web' }) })

    assert.deepEqual([Object.values(zonesOf(plan)), plan.unschedulable.length], [[1], 2])
  })

  const apart = { ...byHost, labelSelector: app('web') }
  const soft = {
    affinity: (weight: number): Partial<PodSpec> => ({
      affinity: {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: apart }] },
      },
    }),
    spread: (): Partial<PodSpec> => ({
      topologySpreadConstraints: [{ ...apart, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' }],
    }),
  }
  const mostOnOne = ({ newNodes }: Plan): number =>
    Math.max(...newNodes.map(({ pods }) => pods.filter((pod) => pod < 3).length))

  for (const [kind, spec] of [
    ['anti-affinity', soft.affinity(1)],
    ['spread', soft.spread()],
  ] as const) {
    test(`pods that would like to be apart are, where it costs nothing: ${kind}`, () => {
      const plan = pack({ pods: [...podsOf(3, spec, { app: 'web' }), ...podsOf(13, {}, { app: 'other' })] })

      assert.deepEqual([plan.unschedulable, mostOnOne(plan)], [[], 1])
      assert.ok(Math.abs(plan.totalUsdPerHour - 8 * 0.04) < 1e-9)
    })
  }

  test('pods that would like to be apart are on nodes that run, too', () => {
    const nodes = ['ip-1', 'ip-2', 'ip-3'].map((name) => ({
      metadata: { name },
      status: { allocatable: { cpu: '4', memory: '16Gi', pods: '110' } },
    }))

    const plan = pack({ nodes, pods: podsOf(3, soft.affinity(1), { app: 'web' }) })

    assert.deepEqual([plan.newNodes, plan.existing.map(({ pods }) => pods.length)], [[], [1, 1, 1]])
  })

  test('a node is made larger for pods that must share it with others of its pods', () => {
    const need = { requiredDuringSchedulingIgnoredDuringExecution: [{ ...byHost, labelSelector: app('db') }] }
    const needing = podsOf(2, { affinity: { podAffinity: need } })

    const plan = pack({ pods: [...podsOf(7, {}, { app: 'other' }), ...podsOf(1, {}, { app: 'db' }), ...needing] })

    const [home] = plan.newNodes.filter(({ pods }) => pods.includes(7))
    assert.deepEqual([plan.unschedulable, [8, 9].every((pod) => home?.pods.includes(pod))], [[], true])
  })

  const liking = (name: string): Partial<PodSpec> => ({
    affinity: {
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { ...byHost, labelSelector: app(name) } },
        ],
      },
    },
  })

  test('pods that would like company have it on nodes that run', () => {
    const nodes = ['ip-1', 'ip-2', 'ip-3'].map((name) => ({
      metadata: { name },
      status: { allocatable: { cpu: '4', memory: '16Gi', pods: '110' } },
    }))
    const bound = podsOf(1, { nodeName: 'ip-2' }, { app: 'db' })

    const plan = pack({ nodes, pods: [...bound, ...podsOf(2, liking('db'))] })

    assert.deepEqual([plan.newNodes, plan.existing.map(({ node, pods }) => [node, pods.length])], [[], [['ip-2', 2]]])
  })

  test('pods that would like company have it on new nodes, where it costs nothing', () => {
    const pods = [...podsOf(7, {}, { app: 'other' }), ...podsOf(1, {}, { app: 'db' }), ...podsOf(1, liking('db'))]

    const plan = pack({ pods })

    const [home] = plan.newNodes.filter((node) => node.pods.includes(7))
    assert.deepEqual([plan.unschedulable, home?.pods.includes(8)], [[], true])
    assert.equal(plan.totalUsdPerHour, pack({ pods: podsOf(9) }).totalUsdPerHour)
  })

  test('pods that would like the company of nobody who is there are placed all the same', () => {
    const plan = pack({ pods: podsOf(2, liking('db')) })

    assert.deepEqual(plan.unschedulable, [])
  })

  test('who finds no node as it likes gets one all the same', () => {
    const node = { metadata: { name: 'ip-1' }, status: { allocatable: { cpu: '5', memory: '16Gi', pods: '110' } } }
    const bound = podsOf(1, { nodeName: 'ip-1', containers: [] }, { app: 'web' })
    const apartly = podsOf(2, { ...soft.spread(), ...wanting('2') }, { app: 'web' })

    const plan = pack({ pools: [], nodes: [node], pods: [...bound, ...apartly, ...podsOf(2, wanting('1.5'))] })

    assert.equal(plan.unschedulable.length, 1)
  })

  test('pods that would like to be apart share a node where that would cost more than they like it', () => {
    const plan = pack({ pods: podsOf(3, soft.affinity(10), { app: 'web' }) })

    assert.deepEqual([plan.newNodes.length, mostOnOne(plan)], [1, 3])
    assert.ok(plan.lowerBoundUsdPerHour <= plan.totalUsdPerHour)
  })

  test('the bound asks nothing of what pods would only like', () => {
    const plan = pack({ pods: podsOf(2, soft.affinity(100), { app: 'web' }) })

    assert.equal(mostOnOne(plan), 1)
    assert.ok(plan.lowerBoundUsdPerHour <= 0.08)
  })

  test('a pool that wants several types takes a pod that suits as many, whomever else only some of them suit', () => {
    const requirements = [{ key: 'cores', operator: 'Exists' as const, minValues: 2 }]
    const instanceTypes = [2, 16].map((cores) => typeOf(cores, { labels: { cores: String(cores) } }))
    const picky = { nodeSelector: { cores: '2' } }

    const plan = pack({
      pools: [{ ...pool, requirements }],
      instanceTypes,
      pods: [...podsOf(1, picky, { app: 'picky' }), ...podsOf(1)],
    })

    assert.deepEqual(
      plan.newNodes.map(({ pods }) => [...pods]),
      [[1]],
    )
    assert.deepEqual(
      plan.unschedulable.map(({ pod }) => pod),
      [0],
    )
  })

  test('of types that leave a choice those are taken that are large enough', () => {
    const requirements = [{ key: 'cores', operator: 'Exists' as const, minValues: 2 }]
    const slim = typeOf(4, { labels: { cores: '4' }, allocatable: { cpu: 4000, memory: 1.5 * GIB, pods: 110 } })
    const instanceTypes = [typeOf(8, { labels: { cores: '8' } }), typeOf(1, { labels: { cores: '1' } }), slim]

    const plan = pack({
      pools: [{ ...pool, requirements }],
      instanceTypes,
      pods: podsOf(1, { containers: [{ resources: { requests: { cpu: '3', memory: '1Gi' } } }] }),
    })

    assert.equal(plan.newNodes.length, 1)
  })

  test('who finds the room on running nodes taken gets a node of the heaviest pool, wherever it is', () => {
    const node = {
      metadata: { name: 'ip-1', labels: { [byZone.topologyKey]: 'z-b' } },
      status: { allocatable: { cpu: '2', memory: '8Gi', pods: '110' } },
    }
    const heavy = { ...pool, name: 'heavy', weight: 10, requirements: [inZone('z-a')] }
    const light = { ...pool, name: 'light', requirements: [inZone('z-b')] }
    const onZones = { ...byZone, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: app('web') }

    const plan = pack({
      pools: [heavy, light],
      nodes: [node],
      pods: [...podsOf(1, wanting('2')), ...podsOf(1, { topologySpreadConstraints: [onZones] }, { app: 'web' })],
    })

    assert.deepEqual(
      plan.newNodes.map(({ nodePool }) => nodePool),
      ['heavy'],
    )
  })

  test('a node with more volumes than it may have takes who brings no further one', () => {
    const metadata = { name: 'ip-1', labels: { [byZone.topologyKey]: 'z-a' } }
    const node = { metadata, status: { allocatable: { cpu: '4', memory: '16Gi', pods: '110' } } }
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]

    const plan = pack({
      pools: [],
      nodes: [node],
      pods: [...podsOf(1, { volumes, nodeName: 'ip-1' }), ...podsOf(1, { volumes })],
      persistentVolumeClaims: [
        { metadata: { name: 'data', namespace: 'shop' }, spec: { volumeName: 'v', accessModes: ['ReadWriteOnce'] } },
      ],
      persistentVolumes: [{ metadata: { name: 'v' }, spec: { csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'v' } } }],
      csiNodes: [
        { metadata: { name: 'ip-1' }, spec: { drivers: [{ name: 'ebs.csi.aws.com', allocatable: { count: 0 } }] } },
      ],
    })

    assert.deepEqual(plan.unschedulable, [])
  })

  test('pods that must share a node start on one of several that are alike', () => {
    const affinity = {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...byHost, labelSelector: app('web') }] },
    }

    const plan = pack({
      pools: [{ ...pool, limits: { cpu: 8000 } }],
      instanceTypes: [typeOf(4)],
      pods: [...podsOf(4, wanting('1700m')), ...podsOf(2, { affinity }, { app: 'web' })],
    })

    const hosts = plan.newNodes.filter(({ pods }) => pods.some((pod) => pod >= 4))
    assert.deepEqual([hosts.length, plan.unschedulable.length], [1, 1])
  })

  test('affinity to several sets is to pods of all of them, and who is of all may be the first', () => {
    const zone = (name: string) => ({ nodeSelector: { [byZone.topologyKey]: name } })
    const terms = [{}, app('web')].map((labelSelector) => ({ ...byZone, labelSelector }))
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } }

    const plan = pack({
      pods: [...podsOf(1, zone('z-b')), ...podsOf(2, { affinity, ...zone('z-c') }, { app: 'web' })],
    })

    assert.deepEqual(plan.unschedulable, [])
  })
})
