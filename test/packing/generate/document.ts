import type { DaemonSet, PackInput, Pod, PodSpec } from '../documents.ts'
import { typesFrom } from './catalogue.ts'
import { nodeFrom, nodeName } from './running-nodes.ts'
import { withFeature } from './features.ts'
import { poolFrom } from './pools.ts'
import { STORAGE_CLASSES, type Storage, csiNodeWith, storageFor } from './storage.ts'
import { ARCH, ARCHITECTURES, NAMESPACES, appName, pick } from './vocabulary.ts'
import type { DaemonWords, FeatureWords, GroupWords, NodeWords, ProblemWords } from './words.ts'

/** Forms of the same amounts, so that quantities are read in all of them. */
const CPUS: readonly [string, ...string[]] = ['100m', '250m', '0.5', '1', '1500m', '2', '3.5', '7']
const MEMORIES: readonly [string, ...string[]] = ['100Mi', '256Mi', '512Mi', '1Gi', '2048Mi', '4Gi', '1e9', '12Gi']

/** A document has no more pods to place than this. */
const MOST_PODS = 60

/** The document that words stand for. */
export function documentFrom(words: ProblemWords): PackInput {
  const crews = words.groups.map((group, index) => crewOf(group, index, words.nodes))
  const everything = crews.flatMap(({ storage }) => storage)
  const daemonPods = words.nodes.flatMap((node, index) => daemonPodsOn(node, index, words.daemons))
  return {
    nodePools: words.pools.map(poolFrom),
    instanceTypes: typesFrom(words.types),
    pods: [
      ...crews.flatMap(({ bound }) => bound),
      ...daemonPods,
      ...crews.flatMap(({ pending }) => pending).slice(0, MOST_PODS),
    ],
    nodes: words.nodes.map((node, index) => nodeFrom(node, index, words.pools)),
    daemonSets: words.daemons.map(daemonFrom),
    persistentVolumeClaims: uniqueByName(everything.flatMap(({ claims }) => claims)),
    persistentVolumes: uniqueByName(everything.flatMap(({ volumes }) => volumes)),
    storageClasses: STORAGE_CLASSES,
    csiNodes: words.nodes.flatMap(({ attachLimit }, index) =>
      attachLimit === undefined ? [] : [csiNodeWith(nodeName(index), attachLimit)],
    ),
    namespaces: NAMESPACES.map((name, index) => ({
      metadata: { name, labels: words.prodNamespaces.includes(index) ? { stage: 'prod' } : {} },
    })),
  }
}

function uniqueByName<T extends { readonly metadata: { readonly name: string; readonly namespace?: string } }>(
  objects: readonly T[],
): readonly T[] {
  const byName = new Map(objects.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]))
  return [...byName.values()]
}

interface Crew {
  readonly pending: readonly Pod[]
  readonly bound: readonly Pod[]
  readonly storage: readonly Storage[]
}

function crewOf(group: GroupWords, index: number, nodes: readonly NodeWords[]): Crew {
  const boundCount = nodes.length === 0 ? 0 : group.bound
  const all = Array.from({ length: group.replicas + boundCount }, (_, ordinal) => memberOf(group, index, ordinal))
  return {
    pending: all.slice(boundCount).map(({ pod }) => pod),
    bound: all.slice(0, boundCount).map(({ pod }, ordinal) => ({
      ...pod,
      spec: { ...pod.spec, nodeName: nodeName((index + ordinal) % nodes.length) },
      // One in a few has ended, as in any list of all pods.
      status: { phase: (index + ordinal) % 5 === 4 ? 'Succeeded' : 'Running' },
    })),
    storage: all.flatMap(({ storage }) => storage),
  }
}

function memberOf(group: GroupWords, index: number, ordinal: number) {
  const app = appName(group.app)
  const namespace = pick(NAMESPACES, group.namespace)
  const name = `${app}-g${index}`
  const requests = { cpu: pick(CPUS, group.cpu), memory: pick(MEMORIES, group.memory) }
  const plain: PodSpec = { containers: [{ name: 'main', resources: { requests } }] }
  const owner = { app, cpuMillis: (step: number) => pick(CPUS, step) }
  const spec = group.features.reduce((before, feature) => withFeature(before, feature, owner), plain)
  const storage = group.features
    .filter((feature): feature is FeatureWords & { readonly type: 'volume' } => feature.type === 'volume')
    .map((feature, place) => storageFor(feature, { namespace, group: name, ordinal, index: place }))
  const volumes = storage.map(({ volume }) => volume)
  const pod: Pod = {
    metadata: { name: `${name}-${ordinal}`, namespace, labels: { app, revision: `${group.revision}` } },
    spec: volumes.length > 0 ? { ...spec, volumes } : spec,
  }
  return { pod, storage }
}

function daemonName(index: number): string {
  return `daemon-${index}`
}

/** Only the first has a port: two daemons that want one would not both run. */
function daemonSpec({ cpu, tolerates, arch, port, limitOnly }: DaemonWords, index: number): PodSpec {
  const amounts = { cpu: pick(['50m', '100m', '250m', '0.3'], cpu), memory: '64Mi' }
  const ports = port === undefined || index > 0 ? [] : [{ containerPort: 80, hostPort: 8000 + port }]
  return {
    ...(tolerates === 'all' && { tolerations: [{ operator: 'Exists' }] }),
    ...(arch !== undefined && { nodeSelector: { [ARCH]: pick(ARCHITECTURES, arch) } }),
    containers: [{ name: 'main', resources: limitOnly ? { limits: amounts } : { requests: amounts }, ports }],
  }
}

function daemonFrom(words: DaemonWords, index: number): DaemonSet {
  const labels = { app: daemonName(index) }
  return {
    metadata: { name: daemonName(index), namespace: 'kube-system' },
    spec: { template: { metadata: { labels }, spec: daemonSpec(words, index) } },
  }
}

/** The daemons that a node runs already, if it has been there for long enough. */
function daemonPodsOn({ hasDaemons }: NodeWords, node: number, daemons: readonly DaemonWords[]): readonly Pod[] {
  if (!hasDaemons) return []
  return daemons.map((words, index) => {
    const spec = daemonSpec(words, index)
    const [main] = spec.containers
    const requests = main?.resources?.requests ?? main?.resources?.limits ?? {}
    return {
      metadata: {
        name: `${daemonName(index)}-on-${node}`,
        namespace: 'kube-system',
        labels: { app: daemonName(index) },
        ownerReferences: [{ kind: 'DaemonSet', name: daemonName(index), uid: daemonName(index) }],
      },
      spec: {
        ...spec,
        nodeName: nodeName(node),
        containers: [{ name: 'main', resources: { requests }, ports: main?.ports ?? [] }],
      },
      status: { phase: 'Running' },
    }
  })
}
