import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PackOptions, Plan, ProvisioningProblem } from '../../../core/scheduling/problem.ts'
import type { DecisionTools } from './decide.ts'
import { InputProblem } from './input-problem.ts'
import { packDocument } from './pack-document.ts'

const EMPTY_PLAN: Plan = {
  newNodes: [],
  existing: [],
  unschedulable: [],
  totalUsdPerHour: 0,
  lowerBoundUsdPerHour: 0,
  rounds: 100,
  shapes: 0,
}

/** Decides nothing, but remembers what it was asked. */
function recordingTools(plan: Partial<Plan> = {}, elapsedMs = 40, rounds = 0) {
  const asked: { problem: ProvisioningProblem; options: PackOptions }[] = []
  const zones: (readonly string[] | undefined)[] = []
  const tools: DecisionTools = {
    startStopwatch: () => () => elapsedMs,
    solvers: {
      consolidate: () => assert.fail('nobody asked for moves'),
      packPods: (problem, options) => {
        asked.push({ problem, options })
        for (let round = 0; round < rounds; round += 1) options.isTimeUp()
        return { ...EMPTY_PLAN, ...plan }
      },
      shippedTypes: (inZones) => {
        zones.push(inZones)
        return [{ name: 'shipped', capacity: {}, allocatable: {}, labels: {}, offerings: [] }]
      },
    },
  }
  return { asked, zones, tools }
}

/** The problem that the solver gets for a document. */
function problemIn(document: unknown): ProvisioningProblem {
  const { asked, tools } = recordingTools()
  packDocument(document, tools)
  return asked[0]?.problem ?? assert.fail('nobody was asked')
}

function pod(name: string, spec: object = {}, rest: { metadata?: object; status?: object } = {}) {
  const { metadata = {}, ...others } = rest
  return { metadata: { name, ...metadata }, spec: { containers: [{}], ...spec }, ...others }
}

function podNames(document: unknown): readonly string[] {
  return problemIn(document).pods.map(({ metadata }) => metadata.name)
}

const container = (part: object) => ({ pods: [pod('a', { containers: [part] })] })
const withSpec = (part: object) => ({ pods: [pod('a', part)] })
const poolWith = (part: object) => ({ nodePools: [{ metadata: { name: 'p' }, spec: part }] })
const poolRequirement = (part: object) => poolWith({ template: { spec: { requirements: [part] } } })
const type = { name: 't', allocatable: { cpu: '2' }, offerings: [] }

describe('a bad document is refused with its field and what was expected:', () => {
  for (const { document, sentence } of [
    { document: 5, sentence: 'the document wants an object, not 5' },
    { document: { pods: 3 }, sentence: 'pods wants a list, not 3' },
    { document: { pods: [3] }, sentence: 'pods[0] wants an object, not 3' },
    { document: { pods: [{ spec: {} }] }, sentence: 'pods[0].metadata wants an object, but is missing' },
    { document: { pods: [{ metadata: { name: 'a' } }] }, sentence: 'pods[0].spec wants an object, but is missing' },
    {
      document: { pods: [pod('a'), { metadata: {}, spec: { containers: [] } }] },
      sentence: 'pods[1].metadata.name wants a name, but is missing',
    },
    {
      document: { pods: [pod('a', {}, { metadata: { labels: { app: 5 } } })] },
      sentence: 'pods[0].metadata.labels.app wants a text, not 5',
    },
    {
      document: { pods: [pod('a'), pod('b'), pod('a')] },
      sentence: 'pods[2] is pod a again, which pods[0] is: each may come only once',
    },
    { document: withSpec({ containers: 'x' }), sentence: 'pods[0].spec.containers wants a list, not "x"' },
    {
      document: container({ resources: { requests: { cpu: 'lots' } } }),
      sentence:
        'pods[0].spec.containers[0].resources.requests.cpu wants a Kubernetes quantity that is not negative, such as 500m, 2 or 8Gi, not "lots"',
    },
    {
      document: container({ resources: { requests: { memory: '-1Gi' } } }),
      sentence:
        'pods[0].spec.containers[0].resources.requests.memory wants a Kubernetes quantity that is not negative, such as 500m, 2 or 8Gi, not "-1Gi"',
    },
    {
      document: container({ ports: [{ hostPort: 70_000 }] }),
      sentence: 'pods[0].spec.containers[0].ports[0].hostPort wants a whole number from 0 to 65535, not 70000',
    },
    {
      document: withSpec({ nodeSelector: { 'topology.kubernetes.io/zone': 1 } }),
      sentence: 'pods[0].spec.nodeSelector["topology.kubernetes.io/zone"] wants a text, not 1',
    },
    { document: withSpec({ nodeName: 7 }), sentence: 'pods[0].spec.nodeName wants a text, not 7' },
    {
      document: withSpec({
        topologySpreadConstraints: [{ topologyKey: 'z', maxSkew: 0, whenUnsatisfiable: 'DoNotSchedule' }],
      }),
      sentence: 'pods[0].spec.topologySpreadConstraints[0].maxSkew wants a whole number from 1 to 2147483647, not 0',
    },
    {
      document: withSpec({ topologySpreadConstraints: [{ topologyKey: 'z', maxSkew: 1, whenUnsatisfiable: 'Maybe' }] }),
      sentence:
        'pods[0].spec.topologySpreadConstraints[0].whenUnsatisfiable wants DoNotSchedule or ScheduleAnyway, not "Maybe"',
    },
    {
      document: withSpec({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: [] }] }],
            },
          },
        },
      }),
      sentence:
        'pods[0].spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values wants at least one value for In and NotIn, not []',
    },
    {
      document: poolRequirement({ key: 'a', operator: 'Gt', values: ['many'] }),
      sentence:
        'nodePools[0].spec.template.spec.requirements[0].values wants one whole number for Gt, Lt, Gte and Lte, not ["many"]',
    },
    {
      document: poolRequirement({ key: 'a', operator: 'Like', values: ['b'] }),
      sentence:
        'nodePools[0].spec.template.spec.requirements[0].operator wants In, NotIn, Exists, DoesNotExist, Gt, Lt, Gte or Lte, not "Like"',
    },
    {
      document: poolWith({ weight: 101 }),
      sentence: 'nodePools[0].spec.weight wants a whole number from 0 to 100, not 101',
    },
    {
      document: { nodePools: [{ kind: 'NodeClaim', metadata: { name: 'p' } }] },
      sentence: 'nodePools[0].kind wants EksNodePool or NodePool, not "NodeClaim"',
    },
    {
      document: { nodes: [{ metadata: { name: 'n' }, spec: { taints: [{ key: 'a', effect: 'Never' }] } }] },
      sentence: 'nodes[0].spec.taints[0].effect wants NoSchedule, PreferNoSchedule or NoExecute, not "Never"',
    },
    {
      document: { daemonSets: [{ metadata: { name: 'd' }, spec: {} }] },
      sentence: 'daemonSets[0].spec.template wants an object, but is missing',
    },
    {
      document: { instanceTypes: [{ name: 't', offerings: [] }] },
      sentence: 'instanceTypes[0].allocatable wants an object of quantities, but is missing',
    },
    {
      document: {
        instanceTypes: [{ ...type, offerings: [{ zone: 'a', capacityType: 'spot', priceUsdPerHour: '1' }] }],
      },
      sentence: 'instanceTypes[0].offerings[0].priceUsdPerHour wants a price in US dollars, not "1"',
    },
    {
      document: { instanceTypes: [type, type] },
      sentence: 'instanceTypes[1] is instance type t again, which instanceTypes[0] is: each may come only once',
    },
    {
      document: { options: { timeLimitMs: 'soon' } },
      sentence: 'options.timeLimitMs wants a whole number from 1 to 86400000, not "soon"',
    },
    {
      document: { options: { budgetNodes: -1 } },
      sentence: 'options.budgetNodes wants a whole number from 0 to 1000000, not -1',
    },
    {
      document: { options: { usdPerDisruption: -1 } },
      sentence: 'options.usdPerDisruption wants a price in US dollars that is not negative, not -1',
    },
    {
      document: { options: { paybackHours: 0 } },
      sentence: 'options.paybackHours wants a number of hours above 0, not 0',
    },
    {
      document: { options: { barePods: 'go' } },
      sentence: 'options.barePods wants stay or move, not "go"',
    },
    {
      document: { podDisruptionBudgets: [{ metadata: { name: 'b' }, spec: { minAvailable: 'half' } }] },
      sentence:
        'podDisruptionBudgets[0].spec.minAvailable wants a whole number or a percentage such as "25%", not "half"',
    },
    {
      document: { options: { timelimit: 5 } },
      sentence:
        'options.timelimit is not known: options has timeLimitMs, ignorePreferences, consolidate, budgetNodes, moveRounds, usdPerDisruption, paybackHours, barePods',
    },
    {
      document: { pod: [], nodepools: [{}] },
      sentence:
        'nodepools is not known: a problem has nodePools, instanceTypes, overlays, pods, nodes, daemonSets, persistentVolumeClaims, persistentVolumes, storageClasses, csiNodes, namespaces, podDisruptionBudgets, options',
    },
    {
      document: { kind: 'List', items: [{ metadata: { name: 'a' } }] },
      sentence: 'items[0].kind wants the kind of the object, but is missing',
    },
  ]) {
    test(sentence, () => {
      assert.throws(() => packDocument(document, recordingTools().tools), new InputProblem(sentence))
    })
  }
})

describe('of a document', () => {
  test('null is the same as absent', () => {
    const { spec } =
      problemIn(withSpec({ nodeSelector: null, affinity: { podAffinity: null } })).pods[0] ?? assert.fail()

    assert.deepEqual(spec, { containers: [{}], affinity: {} })
  })

  test('what decides nothing is dropped', () => {
    const running = {
      ...pod('a', { nodeName: 'n', dnsPolicy: 'x', volumes: [{ name: 'token', projected: {} }] }),
      apiVersion: 'v1',
      kind: 'Pod',
      status: { phase: 'Running' },
    }

    const { pods } = problemIn({ pods: [running] })

    assert.deepEqual(pods, [{ metadata: { name: 'a' }, spec: { containers: [{}], nodeName: 'n' } }])
  })

  test('copies of a template share what they are', () => {
    const copy = (name: string) =>
      pod(name, { nodeSelector: { a: 'b' }, volumes: [{ name: `kube-api-access-${name}`, projected: {} }] })

    const [first, second] = problemIn({ pods: [copy('a'), copy('b')] }).pods

    assert.ok(first && second)
    assert.deepEqual(first.spec.nodeSelector, { a: 'b' })
    assert.equal(first.spec, second.spec)
  })

  test('claims are part of a template', () => {
    const claiming = (name: string, claimName: string) =>
      pod(name, { volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] })

    const claims = problemIn({ pods: [claiming('a', 'one'), claiming('b', 'two')] }).pods.map(
      ({ spec }) => spec.volumes?.[0]?.persistentVolumeClaim?.claimName,
    )

    assert.deepEqual(claims, ['one', 'two'])
  })

  for (const spec of [
    { containers: [{ resources: { requests: { cpu: '1' } } }] },
    { containers: [{ ports: [{ hostPort: 80 }] }] },
    { containers: [{ restartPolicy: 'Always' }] },
    { initContainers: [{ resources: { limits: { cpu: '2' } } }] },
    { overhead: { cpu: '1' } },
    { resources: { requests: { cpu: '3' } } },
    { hostNetwork: true },
    { nodeSelector: { a: 'b' } },
    { affinity: { podAffinity: {} } },
    { tolerations: [{ operator: 'Exists' }] },
    { topologySpreadConstraints: [{ topologyKey: 'z', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }] },
    { volumes: [{ name: 'data', ephemeral: { volumeClaimTemplate: { spec: { storageClassName: 'fast' } } } }] },
    { nodeName: 'n' },
  ] as const) {
    test(`pods that differ in ${JSON.stringify(spec)} are not taken for copies`, () => {
      const [plain, other] = problemIn({ pods: [pod('a'), pod('b', spec)] }).pods

      assert.deepEqual(plain?.spec, { containers: [{}] })
      assert.deepEqual(other?.spec, { containers: [{}], ...spec })
    })
  }

  for (const metadata of [
    { namespace: 'x' },
    { labels: { app: 'web' } },
    { ownerReferences: [{ kind: 'ReplicaSet', name: 'web' }] },
  ]) {
    test(`nor are pods that differ in ${JSON.stringify(metadata)}`, () => {
      const [plain, other] = problemIn({ pods: [pod('a'), pod('b', {}, { metadata })] }).pods

      assert.deepEqual(plain?.metadata, { name: 'a' })
      assert.deepEqual(other?.metadata, { name: 'b', ...metadata })
    })
  }

  test('a copy is refused for what is wrong with it alone', () => {
    const sentence = 'pods[1].spec.nodeName wants a text, not 7'

    assert.throws(() => problemIn({ pods: [pod('a'), pod('b', { nodeName: 7 })] }), new InputProblem(sentence))
  })

  for (const { fact, document, names } of [
    {
      fact: 'pods that have ended do not count',
      document: {
        pods: [
          pod('a', { nodeName: 'n' }, { status: { phase: 'Succeeded' } }),
          pod('b', {}, { status: { phase: 'Failed' } }),
        ],
      },
      names: [],
    },
    {
      fact: 'pods that are being deleted do not count',
      document: { pods: [pod('a', {}, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })] },
      names: [],
    },
    {
      fact: 'pods of DaemonSets count where they run, and are not placed',
      document: {
        pods: [
          pod('runs', { nodeName: 'n' }, { metadata: { ownerReferences: [{ kind: 'DaemonSet', name: 'd' }] } }),
          pod('waits', {}, { metadata: { ownerReferences: [{ kind: 'DaemonSet', name: 'd' }] } }),
        ],
      },
      names: ['runs'],
    },
    {
      fact: 'an empty node name is none',
      document: { pods: [pod('a', { nodeName: '' })] },
      names: ['a'],
    },
    {
      fact: 'pods of one name in two namespaces are two',
      document: {
        pods: [pod('a', {}, { metadata: { namespace: 'x' } }), pod('a', {}, { metadata: { namespace: 'y' } })],
      },
      names: ['a', 'a'],
    },
    {
      fact: 'a list of mixed kinds is sorted out, and other kinds are left out',
      document: {
        kind: 'List',
        items: [{ kind: 'Pod', ...pod('a') }, { kind: 'Deployment' }, { kind: 'Node', metadata: { name: 'n' } }],
      },
      names: ['a'],
    },
    {
      fact: 'a list of one kind need not repeat it',
      document: { kind: 'PodList', items: [pod('a')] },
      names: ['a'],
    },
    { fact: 'a single object is a list of one', document: { kind: 'Pod', ...pod('a') }, names: ['a'] },
    {
      fact: 'lists may be kubectl lists',
      document: { pods: { kind: 'List', items: [pod('a')] }, nodes: null },
      names: ['a'],
    },
    {
      fact: 'notes beside the problem are nobody’s business',
      document: { title: 'mine', pods: [pod('a')] },
      names: ['a'],
    },
  ]) {
    test(fact, () => assert.deepEqual(podNames(document), names))
  }

  test('a StorageClass keeps the list that it has at its top', () => {
    const topologies = [{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }]
    const document = { kind: 'StorageClass', metadata: { name: 's' }, provisioner: 'p', allowedTopologies: topologies }

    assert.deepEqual(problemIn(document).storageClasses, [
      { metadata: { name: 's' }, provisioner: 'p', allowedTopologies: topologies },
    ])
  })
})

describe('node pools', () => {
  test('without any there is one without requirements', () => {
    const pool = { name: 'default', weight: 0, requirements: [], labels: {}, taints: [], limits: {} }

    assert.deepEqual(problemIn({}).pools, [pool])
    assert.deepEqual(problemIn({ nodePools: [] }).pools, [pool])
  })

  for (const [apiVersion, kind] of [
    ['longshore.dev/v1alpha1', 'EksNodePool'],
    ['karpenter.sh/v1', 'NodePool'],
  ]) {
    test(`a ${kind} says what nodes are like`, () => {
      const manifest = {
        apiVersion,
        kind,
        metadata: { name: 'batch' },
        spec: {
          weight: 10,
          limits: { cpu: '100', memory: '1Ti' },
          disruption: { consolidationPolicy: 'WhenEmpty' },
          template: {
            metadata: { labels: { team: 'a' } },
            spec: {
              nodeClassRef: { name: 'x' },
              expireAfter: '720h',
              requirements: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'], minValues: 1 }],
              taints: [{ key: 'batch', effect: 'NoSchedule' }],
              startupTaints: [{ key: 'cni', effect: 'NoSchedule' }],
            },
          },
        },
      }

      assert.deepEqual(problemIn(manifest).pools, [
        {
          name: 'batch',
          weight: 10,
          labels: { team: 'a' },
          requirements: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'], minValues: 1 }],
          taints: [{ key: 'batch', effect: 'NoSchedule' }],
          startupTaints: [{ key: 'cni', effect: 'NoSchedule' }],
          limits: { cpu: 100_000, memory: 2 ** 40 },
        },
      ])
    })
  }

  for (const { operator, value, as } of [
    { operator: 'Gte', value: '4', as: { operator: 'Gt', values: ['3'] } },
    { operator: 'Lte', value: '16', as: { operator: 'Lt', values: ['17'] } },
  ]) {
    test(`${operator} ${value} is ${as.operator} ${as.values.join()}`, () => {
      const [pool] = problemIn(poolRequirement({ key: 'a', operator, values: [value] })).pools

      assert.deepEqual(pool?.requirements, [{ key: 'a', ...as }])
    })
  }
})

describe('instance types', () => {
  test('of the document have amounts in place of quantities', () => {
    const offering = { zone: 'z', capacityType: 'spot', priceUsdPerHour: 0.1 }
    const document = { instanceTypes: [{ ...type, labels: { a: 'b' }, offerings: [offering] }] }

    assert.deepEqual(problemIn(document).instanceTypes, [
      {
        name: 't',
        capacity: { cpu: 2000 },
        allocatable: { cpu: 2000 },
        labels: { a: 'b' },
        offerings: [{ ...offering, available: true }],
      },
    ])
  })

  test('that are none are none', () => {
    assert.deepEqual(problemIn({ instanceTypes: [] }).instanceTypes, [])
  })

  for (const { fact, document, zones } of [
    { fact: 'are the shipped ones when the document has none', document: {}, zones: undefined },
    {
      fact: 'are in the zones of the nodes that run',
      document: { nodes: [{ metadata: { name: 'n', labels: { 'topology.kubernetes.io/zone': 'eu-west-1b' } } }] },
      zones: ['eu-west-1b'],
    },
    {
      fact: 'are in the zones that pools name',
      document: poolRequirement({
        key: 'topology.kubernetes.io/zone',
        operator: 'In',
        values: ['eu-west-1b', 'eu-west-1a'],
      }),
      zones: ['eu-west-1a', 'eu-west-1b'],
    },
    {
      fact: 'are in all zones of their own region whichever is named',
      document: poolRequirement({ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['us-east-1d'] }),
      zones: undefined,
    },
  ]) {
    test(fact, () => {
      const { tools, zones: asked } = recordingTools()

      packDocument(document, tools)

      assert.deepEqual(asked, [zones])
    })
  }
})

describe('overlays', () => {
  const offering = { zone: 'z', capacityType: 'on-demand', priceUsdPerHour: 0.1 }
  const document = { instanceTypes: [{ ...type, offerings: [offering] }] }

  test('lie over the instance types', () => {
    const { instanceTypes } = problemIn({ ...document, overlays: [{ name: 'half', priceAdjustment: '-50%' }] })

    assert.deepEqual(instanceTypes[0]?.offerings, [{ ...offering, priceUsdPerHour: 0.05, available: true }])
  })

  for (const { fact, overlays, sentence } of [
    {
      fact: 'are refused with their field',
      overlays: [{ name: 'free', price: 'nothing' }],
      sentence: 'overlays[0].price wants USD an hour, such as 0.0864, not "nothing"',
    },
    {
      fact: 'are refused when they disagree',
      overlays: [
        { name: 'a', price: 1 },
        { name: 'b', price: 2 },
      ],
      sentence: /"a" and "b"/,
    },
  ]) {
    test(fact, () => {
      const expected = { name: 'InputProblem', message: sentence }

      assert.throws(() => packDocument({ ...document, overlays }, recordingTools().tools), expected)
    })
  }
})

describe('options', () => {
  test('reach the solver', () => {
    const { asked, tools } = recordingTools({}, 40)

    packDocument({ options: { timeLimitMs: 41, ignorePreferences: true } }, tools)
    packDocument({ options: { timeLimitMs: 40 } }, tools)

    const options = asked.map(({ options: { ignorePreferences, isTimeUp } }) => [ignorePreferences, isTimeUp()])
    assert.deepEqual(options, [
      [true, false],
      [false, true],
    ])
  })

  for (const { fact, rounds, elapsedMs, reached } of [
    { fact: 'a limit that ended the search is told', rounds: 1, elapsedMs: 50, reached: true },
    { fact: 'a search that was over by itself is not', rounds: 0, elapsedMs: 50, reached: undefined },
    { fact: 'nor one within the limit', rounds: 3, elapsedMs: 49, reached: undefined },
  ]) {
    test(fact, () => {
      const { tools } = recordingTools({}, elapsedMs, rounds)

      const { stats } = packDocument({ options: { timeLimitMs: 50 } }, tools)

      assert.equal(stats.timeLimitReached, reached)
    })
  }
})

test('a plan becomes names and quantities', () => {
  const { tools } = recordingTools({
    newNodes: [
      {
        name: 'plan-0001',
        nodePool: 'default',
        instanceType: 't',
        zone: 'z',
        capacityType: 'spot',
        priceUsdPerHour: 0.1,
        pods: Int32Array.of(2),
        daemonPods: ['kube-system/cni'],
        requests: { cpu: 1500, memory: 2 ** 30, pods: 2 },
        allocatable: { cpu: 2000 },
        labels: { team: 'a' },
        runnerUp: undefined,
      },
    ],
    existing: [{ node: 'n', pods: Int32Array.of(1) }],
    unschedulable: [{ pod: 3, reasons: ['pool default: too large'] }],
    totalUsdPerHour: 0.1 + 0.2,
    lowerBoundUsdPerHour: 0.123_456_78,
    shapes: 2,
  })
  const pods = [pod('runs', { nodeName: 'n' }), pod('a', {}, { metadata: { namespace: 'x' } }), pod('b'), pod('c')]

  assert.deepEqual(packDocument({ pods }, tools), {
    newNodes: [
      {
        name: 'plan-0001',
        nodePool: 'default',
        instanceType: 't',
        zone: 'z',
        capacityType: 'spot',
        priceUsdPerHour: 0.1,
        pods: ['default/b'],
        daemonPods: ['kube-system/cni'],
        requests: { cpu: '1500m', memory: '1Gi', pods: '2' },
        labels: { team: 'a' },
      },
    ],
    existing: [{ node: 'n', pods: ['x/a'] }],
    unschedulable: [{ pod: 'default/c', reasons: ['pool default: too large'] }],
    totalUsdPerHour: 0.3,
    lowerBoundUsdPerHour: 0.123456,
    elapsedMs: 40,
    stats: { pods: 3, shapes: 2, instanceTypes: 1, podsPerSecond: 75 },
  })
})

test('the program decides with the shipped catalogue', () => {
  const requests = { cpu: '1', memory: '1Gi' }

  const { newNodes, unschedulable } = packDocument({ pods: [pod('a', { containers: [{ resources: { requests } }] })] })

  assert.deepEqual(unschedulable, [])
  assert.deepEqual(
    newNodes.map(({ nodePool, pods }) => [nodePool, pods]),
    [['default', ['default/a']]],
  )
})
