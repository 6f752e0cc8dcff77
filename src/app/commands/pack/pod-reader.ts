import type { Pod, PodMetadata, PodSpec } from '../../../core/scheduling/kubernetes.ts'
import { wrongField, type Path } from './input-problem.ts'
import { isRecord, mapped, membersOf, type JsonRecord } from './json-record.ts'
import { createNameBook } from './name-book.ts'
import { checked } from './schema/check.ts'
import { podMetadata, podSpec } from './schema/pod.ts'

/** Reads pods, one at a time. */
export interface PodReader {
  /** The pod; undefined: one that neither wants a node nor uses one. Throws an `InputProblem`. */
  readonly read: (value: unknown, path: Path) => Pod | undefined
}

const SPEC_KEYS = [
  'overhead',
  'resources',
  'hostNetwork',
  'priority',
  'nodeSelector',
  'affinity',
  'tolerations',
  'topologySpreadConstraints',
]
const CONTAINER_KEYS = ['resources', 'ports', 'restartPolicy']
/** Of annotations, which are many and different on every pod, those that decide something. */
const ANNOTATIONS = [
  'longshore.dev/do-not-disrupt',
  'karpenter.sh/do-not-disrupt',
  'controller.kubernetes.io/pod-deletion-cost',
  'kubernetes.io/config.mirror',
]
const VOLUME_KEYS = ['name', 'persistentVolumeClaim', 'ephemeral']

/**
 * Most pods are copies of a few templates. What a template says is checked once and kept once: checking 50,000 pods field
 * by field takes longer than parsing them, and 20,000 of them would not fit into memory beside the solver.
 */
export function createPodReader(): PodReader {
  const specs = new Map<string, PodSpec>()
  const owners = new Map<string, Omit<PodMetadata, 'name'>>()
  const named = createNameBook()

  function specOf(value: JsonRecord, path: Path): PodSpec {
    const { nodeName } = value
    const key = JSON.stringify([typeof nodeName, templateOf(value)])
    const known = specs.get(key) ?? withoutPlace(checked(podSpec, value, path))
    specs.set(key, known)
    return typeof nodeName === 'string' && nodeName !== '' ? { ...known, nodeName } : known
  }

  function metadataOf(value: JsonRecord, path: Path): PodMetadata {
    const { name, namespace, labels, ownerReferences } = value
    if (typeof name !== 'string' || name === '') return checked(podMetadata, value, path)
    const references = mapped(ownerReferences, (reference) => membersOf(reference, ['kind', 'name', 'controller']))
    const annotations = decisive(value['annotations'])
    const key = JSON.stringify([namespace, labels, references, annotations])
    const known = owners.get(key) ?? withoutName(checked(podMetadata, { ...value, annotations }, path))
    owners.set(key, known)
    return { name, ...known }
  }

  return {
    read: (value, path) => {
      const metadata = metadataOf(partOf(value, 'metadata', path), [...path, 'metadata'])
      const spec = specOf(partOf(value, 'spec', path), [...path, 'spec'])
      if (isOver(value) || isUnbornDaemon({ metadata, spec })) return undefined
      return named('pod', { metadata, spec }, path)
    },
  }
}

function partOf(value: unknown, key: string, path: Path): JsonRecord {
  if (!isRecord(value)) throw wrongField(path, 'an object', value)
  const part = value[key]
  if (!isRecord(part)) throw wrongField([...path, key], 'an object', part)
  return part
}

/** What copies of a template have in common; names of projected volumes are different in each. */
function templateOf(spec: JsonRecord): unknown {
  const container = (value: unknown): unknown => membersOf(value, CONTAINER_KEYS)
  return [
    membersOf(spec, SPEC_KEYS),
    mapped(spec['containers'], container),
    mapped(spec['initContainers'], container),
    Array.isArray(spec['volumes'])
      ? spec['volumes'].filter(isClaiming).map((volume) => membersOf(volume, VOLUME_KEYS))
      : spec['volumes'],
  ]
}

/** Only volumes that are claims decide anything. What is no volume is kept for the complaint about it. */
function isClaiming(volume: unknown): boolean {
  return !isRecord(volume) || 'persistentVolumeClaim' in volume || 'ephemeral' in volume
}

function withoutPlace(spec: PodSpec): PodSpec {
  const claims = (spec.volumes ?? []).filter(isClaiming)
  const kept = Object.entries(spec).filter(([key]) => key !== 'nodeName' && key !== 'volumes')
  return { ...Object.fromEntries(kept), containers: spec.containers, ...(claims.length > 0 && { volumes: claims }) }
}

/** Annotations that decide something; undefined: there are none. What is no object stays as it is. */
function decisive(annotations: unknown): unknown {
  const own = membersOf(annotations, ANNOTATIONS)
  return isRecord(own) && Object.keys(own).length === 0 ? undefined : own
}

function withoutName({ namespace, labels, annotations, ownerReferences }: PodMetadata): Omit<PodMetadata, 'name'> {
  return {
    ...(namespace && { namespace }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(ownerReferences && { ownerReferences }),
  }
}

/** A pod that has ended, or is about to, makes room: it neither gets a node nor counts. */
function isOver(pod: unknown): boolean {
  if (!isRecord(pod)) return false
  const { metadata, status } = pod
  const phase = isRecord(status) ? status['phase'] : undefined
  const isTerminating = isRecord(metadata) && typeof metadata['deletionTimestamp'] === 'string'
  return isTerminating || phase === 'Succeeded' || phase === 'Failed'
}

/** A pod of a DaemonSet that waits for its node: the DaemonSet says already that each node will hold one. */
function isUnbornDaemon({ metadata, spec }: Pod): boolean {
  const isDaemon = metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet') ?? false
  return isDaemon && spec.nodeName === undefined
}
