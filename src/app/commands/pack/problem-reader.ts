import type {
  CsiNode,
  DaemonSet,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  StorageClass,
} from '../../../core/scheduling/kubernetes.ts'
import type { ConsolidationProblem } from '../../../core/scheduling/consolidation/consolidation.ts'
import type { InstanceType, NodePool } from '../../../core/scheduling/problem.ts'
import { Failure } from '../../../core/failure.ts'
import type { Overlay } from '../../../core/scheduling/overlays/overlay.ts'
import { overlaysFrom } from '../../overlays/schema.ts'
import type { Collection } from './collections.ts'
import { DEFAULT_POOL, instanceTypeFrom, nodePoolFrom } from './conversions.ts'
import { InputProblem, type Path } from './input-problem.ts'
import { createNameBook } from './name-book.ts'
import { createPodReader } from './pod-reader.ts'
import { checked } from './schema/check.ts'
import { nodePool } from './schema/node-pool.ts'
import {
  csiNode,
  daemonSet,
  namespace,
  node,
  persistentVolume,
  persistentVolumeClaim,
  podDisruptionBudget,
  storageClass,
} from './schema/objects.ts'
import { instanceType, packSettings, type PackSettings } from './schema/settings.ts'

/** A problem and what was asked about it. */
export interface ReadProblem {
  /** `instanceTypes` undefined: those of the shipped catalogue. */
  readonly problem: Omit<ConsolidationProblem, 'instanceTypes'> & Partial<Pick<ConsolidationProblem, 'instanceTypes'>>
  readonly settings: PackSettings
  /** What lies over the instance types. */
  readonly overlays: readonly Overlay[]
}

/** Takes the objects of a problem one at a time, checks each and keeps what matters of it. */
export interface ProblemReader {
  /** Throws an `InputProblem`. */
  readonly add: (collection: Collection, value: unknown, path: Path) => void
  /** A list comes, though perhaps with nothing in it: no types at all are not the same as not saying which. */
  readonly begin: (collection: Collection) => void
  /** `options`. Throws an `InputProblem`. */
  readonly settings: (value: unknown, path: Path) => void
  readonly finish: () => ReadProblem
}

/** Everything of a problem, still growing. */
interface Lists {
  readonly nodePools: NodePool[]
  readonly instanceTypes: InstanceType[]
  /** As they were written: they are checked together. */
  readonly overlays: unknown[]
  readonly pods: Pod[]
  readonly nodes: Node[]
  readonly daemonSets: DaemonSet[]
  readonly persistentVolumeClaims: PersistentVolumeClaim[]
  readonly persistentVolumes: PersistentVolume[]
  readonly storageClasses: StorageClass[]
  readonly csiNodes: CsiNode[]
  readonly namespaces: Namespace[]
  readonly podDisruptionBudgets: PodDisruptionBudget[]
}

export function createProblemReader(): ProblemReader {
  const lists: Lists = {
    nodePools: [],
    instanceTypes: [],
    overlays: [],
    pods: [],
    nodes: [],
    daemonSets: [],
    persistentVolumeClaims: [],
    persistentVolumes: [],
    storageClasses: [],
    csiNodes: [],
    namespaces: [],
    podDisruptionBudgets: [],
  }
  const takers = takersFor(lists)
  const begun = new Set<Collection>()
  let settings: PackSettings = {}
  return {
    begin: (collection) => void begun.add(collection),
    add: (collection, value, path) => {
      begun.add(collection)
      takers[collection](value, path)
    },
    settings: (value, path) => {
      settings = { ...settings, ...checked(packSettings, value, path) }
    },
    finish: () => ({ problem: problemFrom(lists, begun), settings, overlays: overlaysIn(lists) }),
  }
}

type Takers = Readonly<Record<Collection, (value: unknown, path: Path) => void>>

function takersFor(lists: Lists): Takers {
  const pods = createPodReader()
  const named = createNameBook()
  return {
    nodePools: (value, path) => {
      lists.nodePools.push(nodePoolFrom(named('pool', checked(nodePool, value, path), path)))
    },
    instanceTypes: (value, path) => {
      const entry = checked(instanceType, value, path)
      named('instance type', { metadata: entry }, path)
      lists.instanceTypes.push(instanceTypeFrom(entry))
    },
    overlays: (value) => {
      lists.overlays.push(value)
    },
    pods: (value, path) => {
      const pod = pods.read(value, path)
      if (pod !== undefined) lists.pods.push(pod)
    },
    nodes: (value, path) => {
      lists.nodes.push(named('node', checked(node, value, path), path))
    },
    daemonSets: (value, path) => {
      lists.daemonSets.push(named('DaemonSet', checked(daemonSet, value, path), path))
    },
    persistentVolumeClaims: (value, path) => {
      lists.persistentVolumeClaims.push(named('claim', checked(persistentVolumeClaim, value, path), path))
    },
    persistentVolumes: (value, path) => {
      lists.persistentVolumes.push(named('volume', checked(persistentVolume, value, path), path))
    },
    storageClasses: (value, path) => {
      lists.storageClasses.push(named('StorageClass', checked(storageClass, value, path), path))
    },
    csiNodes: (value, path) => {
      lists.csiNodes.push(named('CSINode', checked(csiNode, value, path), path))
    },
    podDisruptionBudgets: (value, path) => {
      lists.podDisruptionBudgets.push(named('PodDisruptionBudget', checked(podDisruptionBudget, value, path), path))
    },
    namespaces: (value, path) => {
      lists.namespaces.push(named('namespace', checked(namespace, value, path), path))
    },
  }
}

function overlaysIn({ overlays }: Lists): readonly Overlay[] {
  try {
    return overlaysFrom({ overlays })
  } catch (error) {
    throw error instanceof Failure && error.code === 'invalid' ? new InputProblem(error.message) : error
  }
}

function problemFrom(
  { pods, nodes, nodePools, instanceTypes, ...lists }: Lists,
  begun: ReadonlySet<Collection>,
): ReadProblem['problem'] {
  const { daemonSets, persistentVolumeClaims, persistentVolumes, storageClasses, csiNodes, namespaces } = lists
  const { podDisruptionBudgets } = lists
  return {
    pools: nodePools.length === 0 ? [DEFAULT_POOL] : nodePools,
    ...(begun.has('instanceTypes') && { instanceTypes }),
    pods,
    nodes,
    daemonSets,
    persistentVolumeClaims,
    persistentVolumes,
    storageClasses,
    csiNodes,
    namespaces,
    podDisruptionBudgets,
  }
}
