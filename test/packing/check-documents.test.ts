import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nodeCalled, podCalled, podsCalled, poolCalled, problemOf, typeCalled } from './builders.ts'
import { checkPlan } from './check-plan.ts'
import type { PackInput, PackOutput, PersistentVolume, StorageClass, VolumeClaim } from './documents.ts'
import { type PlanWords, planWith } from './plan-builder.ts'
import { demand, line, rows } from './rule-table.ts'

const ZONE = 'topology.kubernetes.io/zone'
const EBS = 'ebs.csi.aws.com'

function claim(name: string, spec: VolumeClaim['spec']): VolumeClaim {
  return { metadata: { name, namespace: 'default' }, spec: { accessModes: ['ReadWriteOnce'], ...spec } }
}

function volumeIn(name: string, zone: string, key = ZONE): PersistentVolume {
  const terms = [{ matchExpressions: [line(key, 'In', zone)] }]
  return {
    metadata: { name },
    spec: { csi: { driver: EBS, volumeHandle: name }, nodeAffinity: { required: { nodeSelectorTerms: terms } } },
  }
}

function storageClass(words: Partial<StorageClass> = {}): StorageClass {
  return { metadata: { name: 'gp3' }, provisioner: EBS, volumeBindingMode: 'WaitForFirstConsumer', ...words }
}

function using(...claims: string[]) {
  return { volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })) }
}

function csiNode(name: string, count: number) {
  return {
    metadata: { name },
    spec: { drivers: [{ name: EBS, nodeID: name, topologyKeys: [ZONE], allocatable: { count } }] },
  }
}

rows('volume', [
  {
    fact: 'a pod goes where its volume can be used',
    input: problemOf({
      pods: [podCalled('a', using('data'))],
      persistentVolumeClaims: [claim('data', { volumeName: 'pv-1' })],
      persistentVolumes: [volumeIn('pv-1', 'zone-b')],
    }),
    kept: { newNodes: [{ zone: 'zone-b', pods: ['a'] }] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: "a volume may name the zone by its driver's key",
    input: problemOf({
      pods: [podCalled('a', using('data'))],
      persistentVolumeClaims: [claim('data', { volumeName: 'pv-1' })],
      persistentVolumes: [volumeIn('pv-1', 'zone-b', 'topology.ebs.csi.aws.com/zone')],
    }),
    kept: { newNodes: [{ zone: 'zone-b', pods: ['a'] }] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: 'a volume that is yet to be made is made in an allowed topology',
    input: problemOf({
      pods: [podCalled('a', using('data'))],
      persistentVolumeClaims: [claim('data', { storageClassName: 'gp3' })],
      storageClasses: [
        storageClass({ allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE, values: ['zone-b', 'zone-c'] }] }] }),
      ],
    }),
    kept: { newNodes: [{ zone: 'zone-c', pods: ['a'] }] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: 'a generic ephemeral volume has the class of its template',
    input: problemOf({
      pods: [
        podCalled('a', {
          volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: { storageClassName: 'gp3' } } } }],
        }),
      ],
      storageClasses: [
        storageClass({ allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE, values: ['zone-b'] }] }] }),
      ],
    }),
    kept: { newNodes: [{ zone: 'zone-b', pods: ['a'] }] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: 'a pod waits for a claim that does not exist',
    input: problemOf({ pods: [podCalled('a', using('data'))], persistentVolumeClaims: [claim('other', {})] }),
    kept: { left: ['a'] },
    broken: { newNodes: [{ pods: ['a'] }] },
  },
  {
    fact: 'a disk that one node uses is not in two zones',
    input: problemOf({
      pods: podsCalled('a', 2, using('data')),
      persistentVolumeClaims: [claim('data', { storageClassName: 'gp3' })],
      storageClasses: [storageClass()],
    }),
    kept: { newNodes: [{ zone: 'zone-b', pods: ['a-0', 'a-1'] }] },
    broken: {
      newNodes: [
        { zone: 'zone-a', pods: ['a-0'] },
        { zone: 'zone-b', pods: ['a-1'] },
      ],
    },
  },
  {
    fact: 'what many nodes may use is used in every zone',
    input: problemOf({
      pods: podsCalled('a', 2, using('data')),
      persistentVolumeClaims: [claim('data', { storageClassName: 'efs', accessModes: ['ReadWriteMany'] })],
      storageClasses: [storageClass({ metadata: { name: 'efs' }, provisioner: 'efs.csi.aws.com' })],
    }),
    kept: {
      newNodes: [
        { zone: 'zone-a', pods: ['a-0'] },
        { zone: 'zone-b', pods: ['a-1'] },
      ],
    },
  },
  {
    fact: 'ReadWriteOncePod is for one pod',
    input: problemOf({
      pods: podsCalled('a', 2, using('data')),
      persistentVolumeClaims: [claim('data', { storageClassName: 'gp3', accessModes: ['ReadWriteOncePod'] })],
      storageClasses: [storageClass()],
    }),
    kept: { newNodes: [{ pods: ['a-0'] }], left: ['a-1'] },
    broken: { newNodes: [{ pods: ['a-0', 'a-1'] }] },
  },
])

rows('attach-limit', [
  {
    fact: 'a node takes no more volumes of a driver than its CSINode says, those of running pods included',
    input: problemOf({
      nodes: [nodeCalled('n1', { cpu: 16 })],
      csiNodes: [csiNode('n1', 2)],
      pods: [
        podCalled('runs', { nodeName: 'n1', ...using('v0') }),
        podCalled('a', using('v1')),
        podCalled('b', using('v2')),
      ],
      persistentVolumeClaims: ['v0', 'v1', 'v2'].map((name) => claim(name, { storageClassName: 'gp3' })),
      storageClasses: [storageClass()],
    }),
    kept: { existing: { n1: ['a'] }, newNodes: [{ pods: ['b'] }] },
    broken: { existing: { n1: ['a', 'b'] } },
  },
  {
    fact: 'a volume that pods share is attached once',
    input: problemOf({
      nodes: [nodeCalled('n1', { cpu: 16 })],
      csiNodes: [csiNode('n1', 1)],
      pods: podsCalled('a', 2, using('v0')),
      persistentVolumeClaims: [claim('v0', { storageClassName: 'gp3' })],
      storageClasses: [storageClass()],
    }),
    kept: { existing: { n1: ['a-0', 'a-1'] } },
  },
])

rows('node', [
  {
    fact: 'a type is there where it is offered',
    input: problemOf({ instanceTypes: [typeCalled('m.large', { zones: ['zone-b'] })], pods: [podCalled('a')] }),
    kept: { newNodes: [{ zone: 'zone-b', pods: ['a'] }] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: 'what is sold out is not there',
    input: problemOf({
      instanceTypes: [
        {
          ...typeCalled('m.large'),
          offerings: ['zone-a', 'zone-b'].map((zone) => ({
            zone,
            capacityType: 'on-demand',
            priceUsdPerHour: 0.4,
            available: zone === 'zone-b',
          })),
        },
      ],
      pods: [podCalled('a')],
    }),
    kept: { newNodes: [{ zone: 'zone-b', pods: ['a'] }] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: "a node's type meets the requirements of its pool",
    input: problemOf({
      nodePools: [poolCalled('one', { requirements: [line('kubernetes.io/arch', 'In', 'arm64')] })],
      instanceTypes: [typeCalled('m.large'), typeCalled('a.large', { labels: { 'kubernetes.io/arch': 'arm64' } })],
      pods: [podCalled('a')],
    }),
    kept: { newNodes: [{ type: 'a.large', pods: ['a'] }] },
    broken: { newNodes: [{ type: 'm.large', pods: ['a'] }] },
  },
  {
    fact: 'a type without a label that other types have does not get it from the pool',
    input: problemOf({
      nodePools: [poolCalled('one', { requirements: [line('gpu', 'In', 't4')] })],
      instanceTypes: [typeCalled('m.large'), typeCalled('g.large', { labels: { gpu: 't4' } })],
      pods: [podCalled('a')],
    }),
    kept: { newNodes: [{ type: 'g.large', pods: ['a'] }] },
    broken: { newNodes: [{ type: 'm.large', pods: ['a'] }] },
  },
  {
    fact: "a node's zone meets the requirements of its pool",
    input: problemOf({
      nodePools: [poolCalled('one', { requirements: [line(ZONE, 'NotIn', 'zone-a')] })],
      pods: [podCalled('a')],
    }),
    kept: { newNodes: [{ zone: 'zone-b', pods: ['a'] }] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: "a node's capacity type meets the requirements of its pool",
    input: problemOf({
      nodePools: [poolCalled('one', { requirements: [line('longshore.dev/capacity-type', 'In', 'spot')] })],
      instanceTypes: [typeCalled('m.large', { capacityTypes: ['spot', 'on-demand'] })],
      pods: [podCalled('a')],
    }),
    kept: { newNodes: [{ capacityType: 'spot', pods: ['a'] }] },
    broken: { newNodes: [{ capacityType: 'on-demand', pods: ['a'] }] },
  },
])

rows('limit', [
  {
    fact: "limits count the capacity of a pool's new nodes",
    input: problemOf({
      nodePools: [poolCalled('one', { limits: { cpu: '7' } }), poolCalled('two')],
      pods: podsCalled('a', 2),
    }),
    kept: {
      newNodes: [
        { pool: 'one', pods: ['a-0'] },
        { pool: 'two', pods: ['a-1'] },
      ],
    },
    broken: {
      newNodes: [
        { pool: 'one', pods: ['a-0'] },
        { pool: 'one', pods: ['a-1'] },
      ],
    },
  },
  {
    fact: 'running nodes of the pool count, too',
    input: problemOf({
      nodePools: [poolCalled('one', { limits: { cpu: '7' } }), poolCalled('two')],
      nodes: [nodeCalled('n1', { labels: { 'longshore.dev/nodepool': 'one' }, spec: { unschedulable: true } })],
      pods: [podCalled('a')],
    }),
    kept: { newNodes: [{ pool: 'two', pods: ['a'] }] },
    broken: { newNodes: [{ pool: 'one', pods: ['a'] }] },
  },
])

const family = (name: string, cpu: number) => typeCalled(`${name}.${cpu}`, { cpu, labels: { family: name } })

rows('min-values', [
  {
    fact: 'enough kinds of types could hold the pods of a node',
    input: problemOf({
      nodePools: [poolCalled('one', { requirements: [{ ...line('family', 'Exists'), minValues: 2 }] })],
      instanceTypes: [family('c', 4), family('m', 4), family('r', 8)],
      pods: podsCalled('a', 10, { requests: { cpu: '800m' } }),
    }),
    kept: {
      newNodes: [
        { type: 'c.4', pods: podNames(0, 5) },
        { type: 'm.4', pods: podNames(5, 10) },
      ],
    },
    broken: { newNodes: [{ type: 'r.8', pods: podNames(0, 10) }] },
  },
])

function podNames(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, index) => `a-${from + index}`)
}

rows('weight', [
  {
    fact: 'a pod that suits two pools opens a node of the heavier',
    input: problemOf({ nodePools: [poolCalled('light'), poolCalled('heavy', { weight: 10 })], pods: [podCalled('a')] }),
    kept: { newNodes: [{ pool: 'heavy', pods: ['a'] }] },
    broken: { newNodes: [{ pool: 'light', pods: ['a'] }] },
  },
  {
    fact: 'a node of the lighter pool that a pod needs may take others',
    input: problemOf({
      nodePools: [poolCalled('light', { labels: { team: 'red' } }), poolCalled('heavy', { weight: 10 })],
      pods: [podCalled('a'), podCalled('b', { nodeSelector: { team: 'red' } })],
    }),
    kept: { newNodes: [{ pool: 'light', pods: ['a', 'b'] }] },
  },
  {
    fact: 'a heavier pool whose limit is used up is none',
    input: problemOf({
      nodePools: [poolCalled('light'), poolCalled('heavy', { weight: 10, limits: { cpu: '4' } })],
      pods: podsCalled('a', 2, { requests: { cpu: '3' } }),
    }),
    kept: {
      newNodes: [
        { pool: 'heavy', pods: ['a-0'] },
        { pool: 'light', pods: ['a-1'] },
      ],
    },
    broken: {
      newNodes: [
        { pool: 'light', pods: ['a-0'] },
        { pool: 'light', pods: ['a-1'] },
      ],
    },
  },
])

rows('placeable', [
  {
    fact: 'a pod that a running node takes is not unschedulable',
    input: problemOf({
      nodePools: [poolCalled('one', { limits: { cpu: '0' } })],
      nodes: [nodeCalled('n1')],
      pods: [podCalled('a')],
    }),
    kept: { existing: { n1: ['a'] } },
    broken: { left: ['a'] },
  },
  {
    fact: 'a pod that a planned node takes is not unschedulable',
    input: problemOf({ nodePools: [poolCalled('one', { limits: { cpu: '4' } })], pods: podsCalled('a', 5) }),
    kept: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2', 'a-3'] }], left: ['a-4'] },
    broken: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2'] }], left: ['a-3', 'a-4'] },
  },
  {
    fact: 'a pod that a further node would take is not unschedulable',
    input: problemOf({ pods: [podCalled('a'), podCalled('big', { requests: { cpu: '5' } })] }),
    kept: { newNodes: [{ pods: ['a'] }], left: ['big'] },
    broken: { left: ['a', 'big'] },
  },
  {
    fact: 'a pod that wants no label of a key may wait where the pool wants the key and the plan left its value open',
    input: problemOf({
      nodePools: [poolCalled('one', { requirements: [line('tier', 'In', 'a', 'b')] })],
      pods: [podCalled('a'), podCalled('b', demand('tier', 'DoesNotExist'))],
    }),
    kept: { newNodes: [{ pods: ['a'] }], left: ['b'] },
  },
  {
    fact: 'a pod that wants any value of a key is not unschedulable where the pool leaves the value open',
    input: problemOf({
      nodePools: [poolCalled('one', { requirements: [line('tier', 'Exists')] })],
      pods: [podCalled('a', demand('tier', 'Exists'))],
    }),
    kept: { newNodes: [{ labels: { tier: 'any' }, pods: ['a'] }] },
    broken: { left: ['a'] },
  },
  {
    fact: 'a pod need not be put beside one whose spread it would break',
    input: problemOf({
      nodePools: [poolCalled('one', { limits: { cpu: '4' } })],
      pods: [
        podCalled('a', {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: {},
            },
          ],
        }),
        podCalled('b'),
      ],
    }),
    kept: { newNodes: [{ pods: ['a'] }], left: ['b'] },
  },
  {
    fact: 'an open key can be settled as a pod wants it',
    input: problemOf({
      nodePools: [poolCalled('one', { requirements: [line('team', 'Exists')] })],
      pods: [podCalled('a', { nodeSelector: { team: 'red' } }), podCalled('b', { nodeSelector: { tribe: 'red' } })],
    }),
    kept: { newNodes: [{ labels: { team: 'red' }, pods: ['a'] }], left: ['b'] },
    broken: { left: ['a', 'b'] },
  },
])

/** A right plan, and what each change to its document is blamed for. */
const input: PackInput = problemOf({
  instanceTypes: [typeCalled('m.large', { cpu: 4, price: 0.4 })],
  nodePools: [poolCalled('default', { requirements: [line('team', 'In', 'red', 'blue')] })],
  daemonSets: [
    {
      metadata: { name: 'log', namespace: 'kube' },
      spec: { template: podCalled('log', { requests: { cpu: '100m' } }) },
    },
  ],
  nodes: [nodeCalled('n1', { cpu: 2 })],
  pods: [podCalled('a'), podCalled('b'), podCalled('c'), podCalled('big', { requests: { cpu: '9' } })],
})
const words: PlanWords = {
  existing: { n1: ['c'] },
  newNodes: [{ pods: ['a', 'b'], labels: { team: 'red' } }],
  left: ['big'],
}
const right = planWith(input, words)
const changed = (change: Partial<PackOutput>): PackOutput => ({ ...right, ...change })
const withNode = (change: Partial<PackOutput['newNodes'][number]>): PackOutput =>
  changed({ newNodes: right.newNodes.map((node) => ({ ...node, ...change })) })

describe('the document of a plan', () => {
  test('is right as it is', () => assert.deepEqual(checkPlan(input, right), []))

  for (const { fact, output, rules } of [
    { fact: 'names every pod', output: changed({ unschedulable: [] }), rules: ['accounting'] },
    {
      fact: 'names no pod twice',
      output: changed({ existing: [{ node: 'n1', pods: ['default/c', 'default/a'] }] }),
      rules: ['accounting'],
    },
    {
      fact: 'names nobody who is not waiting',
      output: changed({ existing: [{ node: 'n1', pods: ['default/c', 'default/x'] }] }),
      rules: ['accounting'],
    },
    {
      fact: 'names running nodes that there are',
      output: changed({ existing: [{ node: 'n9', pods: ['default/c'] }] }),
      rules: ['node'],
    },
    {
      fact: 'lists a running node once',
      output: changed({ existing: [...right.existing, { node: 'n1', pods: [] }] }),
      rules: ['node'],
    },
    { fact: 'names pools that there are', output: withNode({ nodePool: 'other' }), rules: ['node'] },
    { fact: 'names types that there are', output: withNode({ instanceType: 'x.large' }), rules: ['node'] },
    { fact: 'gives new nodes names of their own', output: withNode({ name: 'n1' }), rules: ['node'] },
    { fact: 'states the price of the offering', output: withNode({ priceUsdPerHour: 0.3 }), rules: ['node', 'totals'] },
    { fact: 'lists the daemons that would run', output: withNode({ daemonPods: [] }), rules: ['statement'] },
    { fact: 'lists no other daemons', output: withNode({ daemonPods: ['kube/log', 'kube/x'] }), rules: ['statement'] },
    {
      fact: 'may state requests without daemons',
      output: withNode({ requests: { cpu: '2', pods: '2' } }),
      rules: [],
    },
    { fact: 'states the requests', output: withNode({ requests: { cpu: '2', pods: '3' } }), rules: ['statement'] },
    {
      fact: 'settles only values that the pool allows',
      output: withNode({ labels: { team: 'green' } }),
      rules: ['statement', 'node'],
    },
    {
      fact: 'settles only keys that the pool leaves open',
      output: withNode({ labels: { tribe: 'red' } }),
      rules: ['statement'],
    },
    { fact: 'states the sum', output: changed({ totalUsdPerHour: 0.3 }), rules: ['totals'] },
    { fact: 'states a bound that bounds', output: changed({ lowerBoundUsdPerHour: 0.41 }), rules: ['totals'] },
    {
      fact: 'gives reasons',
      output: changed({ unschedulable: [{ pod: 'default/big', reasons: [] }] }),
      rules: ['reason'],
    },
    {
      fact: 'gives a reason per pool',
      output: changed({ unschedulable: [{ pod: 'default/big', reasons: ['no running node has room'] }] }),
      rules: ['reason'],
    },
    {
      fact: 'gives reasons that name a pool or nodes',
      output: changed({ unschedulable: [{ pod: 'default/big', reasons: ['pool default: too big', 'too big'] }] }),
      rules: ['reason'],
    },
  ]) {
    test(fact, () => {
      const broken = new Set(checkPlan(input, output).map(({ rule }) => rule))

      assert.deepEqual([...broken].toSorted(), rules.toSorted())
    })
  }
})
