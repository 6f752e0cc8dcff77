import { nodeCalled, podCalled, podsCalled, poolCalled, problemOf, typeCalled } from './builders.ts'
import type { Affinity, AffinityTerm, SpreadConstraint } from './documents.ts'
import { demand, line, rows } from './rule-table.ts'

const HOSTNAME = 'kubernetes.io/hostname'
const ZONE = 'topology.kubernetes.io/zone'

const app = (name: string) => ({ matchLabels: { app: name } })

function near(term: Partial<AffinityTerm>): { readonly affinity: Affinity } {
  const required = [{ topologyKey: ZONE, labelSelector: app('web'), ...term }]
  return { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }
}

function apart(term: Partial<AffinityTerm>, times = 1): { readonly affinity: Affinity } {
  const required = Array.from({ length: times }, () => ({ topologyKey: HOSTNAME, labelSelector: app('web'), ...term }))
  return { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }
}

function spread(words: Partial<SpreadConstraint> = {}): {
  readonly topologySpreadConstraints: readonly SpreadConstraint[]
} {
  const constraint = { maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: 'DoNotSchedule', labelSelector: app('web') }
  return { topologySpreadConstraints: [{ ...constraint, ...words }] }
}

const web = { labels: { app: 'web' } }
const arm = typeCalled('a.large', { labels: { 'kubernetes.io/arch': 'arm64' } })

rows('selection', [
  {
    fact: "a node selector wants each of its pairs among the node's labels",
    input: problemOf({
      pods: [podCalled('a', { nodeSelector: { 'kubernetes.io/arch': 'arm64' } })],
      instanceTypes: [typeCalled('m.large'), arm],
    }),
    kept: { newNodes: [{ type: 'a.large', pods: ['a'] }] },
    broken: { newNodes: [{ type: 'm.large', pods: ['a'] }] },
  },
  {
    fact: 'a zone is a label of a new node, too',
    input: problemOf({ pods: [podCalled('a', { nodeSelector: { [ZONE]: 'zone-b' } })] }),
    kept: { newNodes: [{ zone: 'zone-b', pods: ['a'] }] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: "the capacity type is known by Karpenter's name, too",
    input: problemOf({
      pods: [podCalled('a', { nodeSelector: { 'karpenter.sh/capacity-type': 'spot' } })],
      instanceTypes: [typeCalled('m.large', { capacityTypes: ['spot', 'on-demand'] })],
    }),
    kept: { newNodes: [{ capacityType: 'spot', pods: ['a'] }] },
    broken: { newNodes: [{ capacityType: 'on-demand', pods: ['a'] }] },
  },
  {
    fact: 'the name of the pool is a label',
    input: problemOf({
      nodePools: [poolCalled('one'), poolCalled('two')],
      pods: [podCalled('a', { nodeSelector: { 'longshore.dev/nodepool': 'two' } })],
    }),
    kept: { newNodes: [{ pool: 'two', pods: ['a'] }] },
    broken: { newNodes: [{ pool: 'one', pods: ['a'] }] },
  },
  {
    fact: "a pool's template labels are on its nodes",
    input: problemOf({
      nodePools: [poolCalled('one'), poolCalled('two', { labels: { team: 'red' } })],
      pods: [podCalled('a', { nodeSelector: { team: 'red' } })],
    }),
    kept: { newNodes: [{ pool: 'two', pods: ['a'] }] },
    broken: { newNodes: [{ pool: 'one', pods: ['a'] }] },
  },
  {
    fact: 'a requirement that allows one value is a label of every node of the pool',
    input: problemOf({
      nodePools: [poolCalled('one'), poolCalled('two', { requirements: [line('team', 'In', 'red')] })],
      pods: [podCalled('a', { nodeSelector: { team: 'red' } })],
    }),
    kept: { newNodes: [{ pool: 'two', pods: ['a'] }] },
    broken: { newNodes: [{ pool: 'one', pods: ['a'] }] },
  },
  {
    fact: 'an open key has the value that the plan settles',
    input: problemOf({
      nodePools: [poolCalled('one', { requirements: [line('team', 'In', 'red', 'blue')] })],
      pods: [podCalled('a', { nodeSelector: { team: 'red' } })],
    }),
    kept: { newNodes: [{ labels: { team: 'red' }, pods: ['a'] }] },
    broken: { newNodes: [{ labels: { team: 'blue' }, pods: ['a'] }] },
  },
  {
    fact: 'NotIn takes nodes without the label',
    input: problemOf({
      pods: [podCalled('a', demand('gpu', 'NotIn', 'old'))],
      instanceTypes: [typeCalled('m.large'), typeCalled('g.large', { labels: { gpu: 'old' } })],
    }),
    kept: { newNodes: [{ type: 'm.large', pods: ['a'] }] },
    broken: { newNodes: [{ type: 'g.large', pods: ['a'] }] },
  },
  {
    fact: 'DoesNotExist takes only nodes without the label',
    input: problemOf({
      pods: [podCalled('a', demand('gpu', 'DoesNotExist'))],
      instanceTypes: [typeCalled('m.large'), typeCalled('g.large', { labels: { gpu: 'old' } })],
    }),
    kept: { newNodes: [{ type: 'm.large', pods: ['a'] }] },
    broken: { newNodes: [{ type: 'g.large', pods: ['a'] }] },
  },
  {
    fact: 'Gt compares whole numbers, not text',
    input: problemOf({
      pods: [podCalled('a', demand('generation', 'Gt', '9'))],
      instanceTypes: [
        typeCalled('m.large', { labels: { generation: '10' } }),
        typeCalled('o.large', { labels: { generation: '8' } }),
      ],
    }),
    kept: { newNodes: [{ type: 'm.large', pods: ['a'] }] },
    broken: { newNodes: [{ type: 'o.large', pods: ['a'] }] },
  },
  {
    fact: 'Lt is strict',
    input: problemOf({
      pods: [podCalled('a', demand('generation', 'Lt', '8'))],
      instanceTypes: [
        typeCalled('m.large', { labels: { generation: '7' } }),
        typeCalled('o.large', { labels: { generation: '8' } }),
      ],
    }),
    kept: { newNodes: [{ type: 'm.large', pods: ['a'] }] },
    broken: { newNodes: [{ type: 'o.large', pods: ['a'] }] },
  },
  {
    fact: 'one matching term is enough',
    input: problemOf({
      pods: [
        podCalled('a', {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  { matchExpressions: [line(ZONE, 'In', 'zone-x')] },
                  { matchExpressions: [line(ZONE, 'In', 'zone-b')] },
                ],
              },
            },
          },
        }),
      ],
    }),
    kept: { newNodes: [{ zone: 'zone-b', pods: ['a'] }] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: "a pool's taint keeps off who does not tolerate it",
    input: problemOf({
      nodePools: [
        poolCalled('one', { taints: [{ key: 'dedicated', value: 'red', effect: 'NoSchedule' }] }),
        poolCalled('two'),
      ],
      pods: [podCalled('a')],
    }),
    kept: { newNodes: [{ pool: 'two', pods: ['a'] }] },
    broken: { newNodes: [{ pool: 'one', pods: ['a'] }] },
  },
  {
    fact: 'a toleration without an effect tolerates every effect of its key and value',
    input: problemOf({
      nodePools: [poolCalled('one', { taints: [{ key: 'dedicated', value: 'red', effect: 'NoExecute' }] })],
      pods: [podCalled('a', { tolerations: [{ key: 'dedicated', value: 'red' }] })],
    }),
    kept: { newNodes: [{ pods: ['a'] }] },
  },
  {
    fact: 'a toleration of another value tolerates nothing',
    input: problemOf({
      nodePools: [poolCalled('one', { taints: [{ key: 'dedicated', value: 'red', effect: 'NoExecute' }] })],
      pods: [podCalled('a', { tolerations: [{ key: 'dedicated', value: 'blue' }] })],
    }),
    broken: { newNodes: [{ pods: ['a'] }] },
  },
  {
    fact: 'a toleration with an effect tolerates only that',
    input: problemOf({
      nodePools: [
        poolCalled('one', { taints: [{ key: 'dedicated', value: 'red', effect: 'NoSchedule' }] }),
        poolCalled('two', { taints: [{ key: 'dedicated', value: 'red', effect: 'NoExecute' }] }),
      ],
      pods: [podCalled('a', { tolerations: [{ key: 'dedicated', value: 'red', effect: 'NoExecute' }] })],
    }),
    kept: { newNodes: [{ pool: 'two', pods: ['a'] }] },
    broken: { newNodes: [{ pool: 'one', pods: ['a'] }] },
  },
  {
    fact: 'an empty key with Exists tolerates everything',
    input: problemOf({
      nodePools: [poolCalled('one', { taints: [{ key: 'dedicated', value: 'red', effect: 'NoSchedule' }] })],
      pods: [podCalled('a', { tolerations: [{ operator: 'Exists' }] })],
    }),
    kept: { newNodes: [{ pods: ['a'] }] },
  },
  {
    fact: 'PreferNoSchedule and start-up taints keep nobody off',
    input: problemOf({
      nodePools: [
        poolCalled('one', {
          taints: [{ key: 'soft', effect: 'PreferNoSchedule' }],
          startupTaints: [{ key: 'starting', effect: 'NoSchedule' }],
        }),
      ],
      pods: [podCalled('a')],
    }),
    kept: { newNodes: [{ pods: ['a'] }] },
  },
  {
    fact: 'a cordoned node takes nobody',
    input: problemOf({
      pods: [podCalled('a')],
      nodes: [nodeCalled('n1', { spec: { unschedulable: true } }), nodeCalled('n2')],
    }),
    kept: { existing: { n2: ['a'] } },
    broken: { existing: { n1: ['a'] } },
  },
  {
    fact: 'a cordoned node takes who tolerates the cordon',
    input: problemOf({
      pods: [podCalled('a', { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] })],
      nodes: [nodeCalled('n1', { spec: { unschedulable: true } })],
    }),
    kept: { existing: { n1: ['a'] } },
  },
  {
    fact: 'a node affinity may name the node by its field',
    input: problemOf({
      pods: [
        podCalled('a', {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchFields: [line('metadata.name', 'In', 'n2')] }],
              },
            },
          },
        }),
      ],
      nodes: [nodeCalled('n1'), nodeCalled('n2')],
    }),
    kept: { existing: { n2: ['a'] } },
    broken: { existing: { n1: ['a'] } },
  },
])

rows('room', [
  {
    fact: 'requests add up to no more than the node can give',
    input: problemOf({ pods: podsCalled('a', 5) }),
    kept: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2', 'a-3'] }, { pods: ['a-4'] }] },
    broken: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2', 'a-3', 'a-4'] }] },
  },
  {
    fact: 'what pods may use is allocatable, not capacity',
    input: problemOf({
      instanceTypes: [{ ...typeCalled('m.large'), allocatable: { cpu: '3900m', memory: '15Gi', pods: '20' } }],
      pods: podsCalled('a', 4, { requests: { cpu: '980m' } }),
    }),
    kept: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2'] }, { pods: ['a-3'] }] },
    broken: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2', 'a-3'] }] },
  },
  {
    fact: 'a node takes no more pods than it has slots',
    input: problemOf({
      instanceTypes: [typeCalled('m.large', { pods: 2 })],
      pods: podsCalled('a', 3, { requests: {} }),
    }),
    kept: { newNodes: [{ pods: ['a-0', 'a-1'] }, { pods: ['a-2'] }] },
    broken: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2'] }] },
  },
  {
    fact: 'an extended resource that a type lacks is none',
    input: problemOf({
      instanceTypes: [typeCalled('m.large'), typeCalled('g.large', { more: { 'nvidia.com/gpu': '1' } })],
      pods: [podCalled('a', { requests: { 'nvidia.com/gpu': '1' } })],
    }),
    kept: { newNodes: [{ type: 'g.large', pods: ['a'] }] },
    broken: { newNodes: [{ type: 'm.large', pods: ['a'] }] },
  },
  {
    fact: 'the pods of DaemonSets take their room first',
    input: problemOf({
      pods: podsCalled('a', 4, { requests: { cpu: '900m' } }),
      daemonSets: [
        {
          metadata: { name: 'log', namespace: 'kube' },
          spec: { template: podCalled('log', { requests: { cpu: '500m' } }) },
        },
      ],
    }),
    kept: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2'] }, { pods: ['a-3'] }] },
    broken: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2', 'a-3'] }] },
  },
  {
    fact: 'pods that run take their room, those that ended do not',
    input: problemOf({
      nodes: [nodeCalled('n1')],
      pods: [
        podCalled('ran', { nodeName: 'n1', phase: 'Succeeded', requests: { cpu: '4' } }),
        podCalled('runs', { nodeName: 'n1', phase: 'Running', requests: { cpu: '2' } }),
        ...podsCalled('a', 3),
      ],
    }),
    kept: { existing: { n1: ['a-0', 'a-1'] }, newNodes: [{ pods: ['a-2'] }] },
    broken: { existing: { n1: ['a-0', 'a-1', 'a-2'] } },
  },
  {
    fact: 'a node that is still starting keeps room for daemons that are not there yet',
    input: problemOf({
      nodes: [nodeCalled('n1'), nodeCalled('n2')],
      daemonSets: [{ metadata: { name: 'log' }, spec: { template: podCalled('log', { requests: { cpu: '500m' } }) } }],
      pods: [
        podCalled('log-1', { nodeName: 'n1', requests: { cpu: '500m' }, daemonSet: 'log' }),
        ...podsCalled('a', 4, { requests: { cpu: '1700m' } }),
        podCalled('last', { requests: { cpu: '500m' } }),
      ],
    }),
    kept: { existing: { n1: ['a-0', 'a-1'], n2: ['a-2', 'a-3'] }, newNodes: [{ pods: ['last'] }] },
    broken: { existing: { n1: ['a-0', 'a-1'], n2: ['a-2', 'a-3', 'last'] } },
  },
])

rows('port', [
  {
    fact: 'a host port is for one pod of a node',
    input: problemOf({
      pods: [podCalled('a', { ports: [80] }), podCalled('b', { ports: [80] }), podCalled('c', { ports: [81] })],
    }),
    kept: { newNodes: [{ pods: ['a', 'c'] }, { pods: ['b'] }] },
    broken: { newNodes: [{ pods: ['a', 'b', 'c'] }] },
  },
  {
    fact: 'a running pod has its port already',
    input: problemOf({
      nodes: [nodeCalled('n1')],
      pods: [podCalled('runs', { nodeName: 'n1', ports: [80] }), podCalled('a', { ports: [80] })],
    }),
    kept: { newNodes: [{ pods: ['a'] }] },
    broken: { existing: { n1: ['a'] } },
  },
  {
    fact: 'a daemon has its port on every node',
    input: problemOf({
      nodePools: [poolCalled('one', { taints: [{ key: 'own', effect: 'NoSchedule' }] }), poolCalled('two')],
      daemonSets: [{ metadata: { name: 'log' }, spec: { template: podCalled('log', { ports: [80] }) } }],
      pods: [podCalled('a', { ports: [80], tolerations: [{ key: 'own', operator: 'Exists' }] })],
    }),
    kept: { newNodes: [{ pool: 'one', pods: ['a'] }] },
    broken: { newNodes: [{ pool: 'two', pods: ['a'] }] },
  },
])

rows('anti-affinity', [
  {
    fact: 'a pod is not where those are from which it keeps away',
    input: problemOf({ pods: podsCalled('a', 2, { ...web, ...apart({}) }) }),
    kept: { newNodes: [{ pods: ['a-0'] }, { pods: ['a-1'] }] },
    broken: { newNodes: [{ pods: ['a-0', 'a-1'] }] },
  },
  {
    fact: 'those who keep away need not be the ones who come: it works both ways',
    input: problemOf({ pods: [podCalled('guard', apart({})), podCalled('a', web)] }),
    kept: { newNodes: [{ pods: ['guard'] }, { pods: ['a'] }] },
    broken: { newNodes: [{ pods: ['guard', 'a'] }] },
  },
  {
    fact: 'the terms of running pods count',
    input: problemOf({
      nodes: [nodeCalled('n1', { zone: 'zone-a' }), nodeCalled('n2', { zone: 'zone-b' })],
      pods: [podCalled('guard', { nodeName: 'n1', ...apart({ topologyKey: ZONE }) }), podCalled('a', web)],
    }),
    kept: { existing: { n2: ['a'] } },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: 'a pod that says so twice keeps away from others, not from itself',
    input: problemOf({ pods: podsCalled('a', 2, { ...web, ...apart({}, 2) }) }),
    kept: { newNodes: [{ pods: ['a-0'] }, { pods: ['a-1'] }] },
    broken: { newNodes: [{ pods: ['a-0', 'a-1'] }] },
  },
  {
    fact: 'a term looks at its own namespace only, unless said',
    input: problemOf({ pods: [podCalled('guard', apart({})), podCalled('a', { ...web, namespace: 'other' })] }),
    kept: { newNodes: [{ pods: ['guard', 'other/a'] }] },
  },
  {
    fact: 'an empty namespaceSelector is every namespace',
    input: problemOf({
      pods: [podCalled('guard', apart({ namespaceSelector: {} })), podCalled('a', { ...web, namespace: 'other' })],
    }),
    kept: { newNodes: [{ pods: ['guard'] }, { pods: ['other/a'] }] },
    broken: { newNodes: [{ pods: ['guard', 'other/a'] }] },
  },
  {
    fact: 'a namespaceSelector reads labels of namespaces',
    input: problemOf({
      namespaces: [{ metadata: { name: 'other', labels: { tier: 'prod' } } }],
      pods: [
        podCalled('guard', apart({ namespaceSelector: { matchLabels: { tier: 'prod' } } })),
        podCalled('a', { ...web, namespace: 'other' }),
        podCalled('b', web),
      ],
    }),
    kept: { newNodes: [{ pods: ['guard', 'b'] }, { pods: ['other/a'] }] },
    broken: { newNodes: [{ pods: ['guard', 'other/a'] }, { pods: ['b'] }] },
  },
  {
    fact: 'a namespace has its name as a label even when it is not known',
    input: problemOf({
      pods: [
        podCalled('guard', apart({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } })),
        podCalled('a', { ...web, namespace: 'other' }),
      ],
    }),
    broken: { newNodes: [{ pods: ['guard', 'other/a'] }] },
  },
  {
    fact: 'matchLabelKeys narrow a term to pods with the same value',
    input: problemOf({
      pods: [
        podCalled('a', { labels: { app: 'web', rev: '1' }, ...apart({ matchLabelKeys: ['rev'] }) }),
        podCalled('b', { labels: { app: 'web', rev: '2' }, ...apart({ matchLabelKeys: ['rev'] }) }),
        podCalled('c', { labels: { app: 'web', rev: '1' }, ...apart({ matchLabelKeys: ['rev'] }) }),
      ],
    }),
    kept: { newNodes: [{ pods: ['a', 'b'] }, { pods: ['c'] }] },
    broken: { newNodes: [{ pods: ['a', 'c'] }, { pods: ['b'] }] },
  },
  {
    fact: 'mismatchLabelKeys narrow a term to pods with another value',
    input: problemOf({
      pods: [
        podCalled('a', { labels: { app: 'web', tenant: '1' }, ...apart({ mismatchLabelKeys: ['tenant'] }) }),
        podCalled('b', { labels: { app: 'web', tenant: '1' }, ...apart({ mismatchLabelKeys: ['tenant'] }) }),
        podCalled('c', { labels: { app: 'web', tenant: '2' }, ...apart({ mismatchLabelKeys: ['tenant'] }) }),
      ],
    }),
    kept: { newNodes: [{ pods: ['a', 'b'] }, { pods: ['c'] }] },
    broken: { newNodes: [{ pods: ['a', 'c'] }, { pods: ['b'] }] },
  },
])

rows('arrival', [
  {
    fact: 'a pod goes where one of those is that it wants to be near',
    input: problemOf({
      nodes: [nodeCalled('n1', { zone: 'zone-b' })],
      pods: [podCalled('runs', { ...web, nodeName: 'n1' }), podCalled('a', near({}))],
    }),
    kept: { newNodes: [{ zone: 'zone-b', pods: ['a'] }] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: 'a pod may wait until the one that it wants to be near is there',
    input: problemOf({ pods: [podCalled('a', near({})), podCalled('b', web)] }),
    kept: { newNodes: [{ zone: 'zone-c', pods: ['a', 'b'] }] },
    broken: {
      newNodes: [
        { zone: 'zone-a', pods: ['a'] },
        { zone: 'zone-b', pods: ['b'] },
      ],
    },
  },
  {
    fact: 'the first pod of a group that wants to be together may start anywhere',
    input: problemOf({ pods: podsCalled('a', 2, { ...web, ...near({}) }) }),
    kept: {
      newNodes: [
        { zone: 'zone-b', pods: ['a-0'] },
        { zone: 'zone-b', pods: ['a-1'] },
      ],
    },
    broken: {
      newNodes: [
        { zone: 'zone-b', pods: ['a-0'] },
        { zone: 'zone-c', pods: ['a-1'] },
      ],
    },
  },
  {
    fact: 'it is not the first if one of the group runs already',
    input: problemOf({
      nodes: [nodeCalled('n1', { zone: 'zone-b' })],
      pods: [podCalled('runs', { ...web, nodeName: 'n1' }), podCalled('a', { ...web, ...near({}) })],
    }),
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a'] }] },
  },
  {
    fact: 'a pod that does not match itself is never the first',
    input: problemOf({ pods: [podCalled('a', near({}))] }),
    broken: { newNodes: [{ pods: ['a'] }] },
  },
  {
    fact: 'two groups that wait for each other never start',
    input: problemOf({
      pods: [
        podCalled('a', { labels: { app: 'a' }, ...near({ labelSelector: app('b') }) }),
        podCalled('b', { labels: { app: 'b' }, ...near({ labelSelector: app('a') }) }),
      ],
    }),
    broken: { newNodes: [{ pods: ['a', 'b'] }] },
  },
  {
    fact: 'zones differ by no more than maxSkew',
    input: problemOf({ pods: podsCalled('a', 4, { ...web, ...spread() }) }),
    kept: {
      newNodes: [
        { zone: 'zone-a', pods: ['a-0', 'a-3'] },
        { zone: 'zone-b', pods: ['a-1'] },
        { zone: 'zone-c', pods: ['a-2'] },
      ],
    },
    broken: {
      newNodes: [
        { zone: 'zone-a', pods: ['a-0', 'a-1'] },
        { zone: 'zone-b', pods: ['a-2', 'a-3'] },
      ],
    },
  },
  {
    fact: 'ScheduleAnyway is a preference',
    input: problemOf({ pods: podsCalled('a', 3, { ...web, ...spread({ whenUnsatisfiable: 'ScheduleAnyway' }) }) }),
    kept: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2'] }] },
  },
  {
    fact: 'zones to which no pool can go are no domains',
    input: problemOf({
      nodePools: [poolCalled('default', { requirements: [line(ZONE, 'In', 'zone-a', 'zone-b')] })],
      pods: podsCalled('a', 4, { ...web, ...spread() }),
    }),
    kept: {
      newNodes: [
        { zone: 'zone-a', pods: ['a-0', 'a-1'] },
        { zone: 'zone-b', pods: ['a-2', 'a-3'] },
      ],
    },
    broken: {
      newNodes: [
        { zone: 'zone-a', pods: ['a-0', 'a-1', 'a-2'] },
        { zone: 'zone-b', pods: ['a-3'] },
      ],
    },
  },
  {
    fact: "zones that a pod's own node affinity excludes are no domains",
    input: problemOf({
      pods: podsCalled('a', 4, { ...web, ...spread(), ...demand(ZONE, 'In', 'zone-a', 'zone-b') }),
    }),
    kept: {
      newNodes: [
        { zone: 'zone-a', pods: ['a-0', 'a-1'] },
        { zone: 'zone-b', pods: ['a-2', 'a-3'] },
      ],
    },
    broken: {
      newNodes: [
        { zone: 'zone-a', pods: ['a-0', 'a-1', 'a-2'] },
        { zone: 'zone-b', pods: ['a-3'] },
      ],
    },
  },
  {
    fact: 'the zones of running nodes are domains',
    input: problemOf({
      instanceTypes: [typeCalled('m.large', { zones: ['zone-a'] })],
      nodes: [nodeCalled('n1', { zone: 'zone-b', cpu: 1 })],
      pods: podsCalled('a', 3, { ...web, ...spread() }),
    }),
    kept: { newNodes: [{ zone: 'zone-a', pods: ['a-0', 'a-1'] }], existing: { n1: ['a-2'] } },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a-0', 'a-1', 'a-2'] }] },
  },
  {
    fact: 'with fewer domains than minDomains the least is none',
    input: problemOf({
      instanceTypes: [typeCalled('m.large', { zones: ['zone-a', 'zone-b'] })],
      pods: podsCalled('a', 4, { ...web, ...spread({ minDomains: 3 }) }),
    }),
    kept: {
      newNodes: [
        { zone: 'zone-a', pods: ['a-0'] },
        { zone: 'zone-b', pods: ['a-1'] },
      ],
      left: ['a-2', 'a-3'],
    },
    broken: {
      newNodes: [
        { zone: 'zone-a', pods: ['a-0', 'a-1'] },
        { zone: 'zone-b', pods: ['a-2', 'a-3'] },
      ],
    },
  },
  {
    fact: 'a fresh host is an empty domain, so that a host holds maxSkew pods',
    input: problemOf({ pods: podsCalled('a', 4, { ...web, ...spread({ topologyKey: HOSTNAME, maxSkew: 2 }) }) }),
    kept: { newNodes: [{ pods: ['a-0', 'a-1'] }, { pods: ['a-2', 'a-3'] }] },
    broken: { newNodes: [{ pods: ['a-0', 'a-1', 'a-2'] }, { pods: ['a-3'] }] },
  },
  {
    fact: 'a fresh host is an empty domain even where there can be none',
    input: problemOf({
      nodePools: [poolCalled('default', { limits: { cpu: '0' } })],
      nodes: [nodeCalled('n1')],
      pods: [
        podCalled('runs', { ...web, nodeName: 'n1' }),
        podCalled('a', { ...web, ...spread({ topologyKey: HOSTNAME }) }),
      ],
    }),
    kept: { left: ['a'] },
    broken: { existing: { n1: ['a'] } },
  },
  {
    fact: 'pods of other namespaces do not count',
    input: problemOf({
      pods: [
        podCalled('a', { ...web, ...spread({ topologyKey: HOSTNAME }) }),
        podCalled('b', { ...web, namespace: 'other' }),
      ],
    }),
    kept: { newNodes: [{ pods: ['a', 'other/b'] }] },
  },
  {
    fact: 'matchLabelKeys count only pods with the same value',
    input: problemOf({
      pods: ['1', '2', '1'].map((rev, index) =>
        podCalled(`a-${index}`, {
          labels: { app: 'web', rev },
          ...spread({ topologyKey: HOSTNAME, matchLabelKeys: ['rev'] }),
        }),
      ),
    }),
    kept: { newNodes: [{ pods: ['a-0', 'a-1'] }, { pods: ['a-2'] }] },
    broken: { newNodes: [{ pods: ['a-0', 'a-2'] }, { pods: ['a-1'] }] },
  },
  {
    fact: 'pods that match without the constraint may come later',
    input: problemOf({ pods: [podCalled('a', { ...web, ...spread({ topologyKey: HOSTNAME }) }), podCalled('b', web)] }),
    kept: { newNodes: [{ pods: ['a', 'b'] }] },
  },
  {
    fact: 'nodes whose taints a pod does not tolerate are no domains if it honours taints',
    input: problemOf({
      instanceTypes: [typeCalled('m.large', { zones: ['zone-a'] })],
      nodes: [nodeCalled('n1', { zone: 'zone-b', spec: { taints: [{ key: 'own', effect: 'NoSchedule' }] } })],
      pods: podsCalled('a', 3, { ...web, ...spread({ nodeTaintsPolicy: 'Honor' }) }),
    }),
    kept: { newNodes: [{ zone: 'zone-a', pods: ['a-0', 'a-1', 'a-2'] }] },
  },
  {
    fact: 'nodes whose taints a pod does not tolerate are domains otherwise',
    input: problemOf({
      instanceTypes: [typeCalled('m.large', { zones: ['zone-a'] })],
      nodes: [nodeCalled('n1', { zone: 'zone-b', spec: { taints: [{ key: 'own', effect: 'NoSchedule' }] } })],
      pods: podsCalled('a', 3, { ...web, ...spread() }),
    }),
    kept: { newNodes: [{ zone: 'zone-a', pods: ['a-0'] }], left: ['a-1', 'a-2'] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a-0', 'a-1', 'a-2'] }] },
  },
  {
    fact: 'nodes that a pod does not select are domains if it ignores node affinity',
    input: problemOf({
      instanceTypes: [typeCalled('m.large', { zones: ['zone-a'] })],
      nodes: [nodeCalled('n1', { zone: 'zone-b' })],
      pods: podsCalled('a', 3, {
        ...web,
        ...spread({ nodeAffinityPolicy: 'Ignore' }),
        nodeSelector: { [ZONE]: 'zone-a' },
      }),
    }),
    kept: { newNodes: [{ zone: 'zone-a', pods: ['a-0'] }], left: ['a-1', 'a-2'] },
    broken: { newNodes: [{ zone: 'zone-a', pods: ['a-0', 'a-1', 'a-2'] }] },
  },
])
