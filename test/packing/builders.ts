import type { InstanceType, Labels, Node, NodePool, PackInput, Pod, PodSpec, Resources } from './documents.ts'

/** What a test says of a pod; the rest is of no importance to it. */
export interface PodWords extends Omit<PodSpec, 'containers'> {
  readonly requests?: Resources
  readonly labels?: Labels
  readonly namespace?: string
  readonly ports?: readonly number[]
  readonly phase?: string
  readonly daemonSet?: string
}

export function podCalled(name: string, words: PodWords = {}): Pod {
  const { requests = { cpu: '1' }, labels = {}, namespace = 'default', ports = [], phase, daemonSet, ...spec } = words
  return {
    metadata: {
      name,
      namespace,
      labels,
      ...(daemonSet !== undefined && { ownerReferences: [{ kind: 'DaemonSet', name: daemonSet, uid: daemonSet }] }),
    },
    spec: {
      ...spec,
      containers: [
        {
          name: 'main',
          resources: { requests },
          ports: ports.map((port) => ({ containerPort: port, hostPort: port })),
        },
      ],
    },
    ...(phase !== undefined && { status: { phase } }),
  }
}

/** Pods `name-0`, `name-1` … of one kind. */
export function podsCalled(name: string, count: number, words: PodWords = {}): readonly Pod[] {
  return Array.from({ length: count }, (_, index) => podCalled(`${name}-${index}`, words))
}

export interface TypeWords {
  readonly cpu?: number
  readonly memoryGi?: number
  readonly pods?: number
  readonly zones?: readonly string[]
  readonly capacityTypes?: readonly string[]
  readonly price?: number
  readonly labels?: Labels
  readonly more?: Resources
}

/** A type like those of AWS: what pods may use is all there is, unless said. */
export function typeCalled(name: string, words: TypeWords = {}): InstanceType {
  const { cpu = 4, memoryGi = cpu * 4, pods = 20, zones = ['zone-a', 'zone-b', 'zone-c'], more = {} } = words
  const { capacityTypes = ['on-demand'], price = cpu / 10, labels = {} } = words
  const resources = { cpu: `${cpu}`, memory: `${memoryGi}Gi`, pods: `${pods}`, ...more }
  return {
    name,
    capacity: resources,
    allocatable: resources,
    labels: {
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/os': 'linux',
      'node.kubernetes.io/instance-type': name,
      ...labels,
    },
    offerings: zones.flatMap((zone) =>
      capacityTypes.map((capacityType) => ({ zone, capacityType, priceUsdPerHour: price, available: true })),
    ),
  }
}

type TemplateSpec = NonNullable<NonNullable<NodePool['spec']['template']>['spec']>

export interface PoolWords extends TemplateSpec {
  readonly weight?: number
  readonly limits?: Resources
  readonly labels?: Labels
}

export function poolCalled(name: string, words: PoolWords = {}): NodePool {
  const { weight, limits, labels = {}, ...spec } = words
  return {
    metadata: { name },
    spec: {
      ...(weight !== undefined && { weight }),
      ...(limits !== undefined && { limits }),
      template: { metadata: { labels }, spec },
    },
  }
}

export interface NodeWords {
  readonly cpu?: number
  readonly zone?: string
  readonly labels?: Labels
  readonly spec?: Node['spec']
}

export function nodeCalled(name: string, { cpu = 4, zone = 'zone-a', labels = {}, spec = {} }: NodeWords = {}): Node {
  const resources = { cpu: `${cpu}`, memory: `${cpu * 4}Gi`, pods: '20' }
  return {
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'topology.kubernetes.io/zone': zone,
        'kubernetes.io/arch': 'amd64',
        ...labels,
      },
    },
    spec,
    status: { capacity: resources, allocatable: resources },
  }
}

/** A problem with one type of node and one pool, unless said. */
export function problemOf(words: Partial<PackInput>): PackInput {
  return { nodePools: [poolCalled('default')], instanceTypes: [typeCalled('m.large')], pods: [], ...words }
}
