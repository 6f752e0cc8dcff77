import type { Pod } from '../../../../core/scheduling/kubernetes.ts'

/** What runs in pods of one kind, and how it is painted. */
export interface Workload {
  readonly name: string
  readonly pods: number
  readonly colour: string
  /** Whether text on it has to be light. */
  readonly isDark: boolean
}

/** Twelve that the eye tells apart, then a lighter one of each; what comes after them is grey. */
const COLOURS: readonly string[] = [
  ['#4e79a7', '#f28e2b', '#59a14f', '#e15759', '#76b7b2', '#edc948'],
  ['#b07aa1', '#ff9da7', '#9c755f', '#499894', '#d37295', '#8cd17d'],
  ['#a0cbe8', '#ffbe7d', '#b6d7a8', '#f4b6b6', '#b5dedb', '#f7e6a1'],
  ['#d4b8cd', '#ffd3d8', '#d7b5a6', '#9fd0cd', '#eab8cc', '#cdeec2'],
].flat()
const OTHER_COLOUR = '#a8a29e'
const DAEMON_COLOUR = '#57606a'

const DAEMONS = 'DaemonSets'
const OTHERS = 'others'

export interface WorkloadBook {
  /** Those with a colour of their own by size, then the rest as one; without DaemonSets. */
  readonly legend: readonly Workload[]
  readonly of: (pod: Pod) => Workload
  readonly daemons: Workload
}

/** Sorts pods by what runs in them: colours go to the workloads with the most pods. */
export function workloadsIn(pods: readonly Pod[]): WorkloadBook {
  const counts = new Map<string, number>()
  for (const pod of pods) counts.set(workloadName(pod), (counts.get(workloadName(pod)) ?? 0) + 1)
  const daemons = painted(DAEMONS, counts.get(DAEMONS) ?? 0, DAEMON_COLOUR)
  counts.delete(DAEMONS)
  const ranked = [...counts].toSorted(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
  const coloured = ranked
    .slice(0, COLOURS.length)
    .map(([name, count], index) => painted(name, count, COLOURS[index] ?? OTHER_COLOUR))
  const rest = ranked.slice(COLOURS.length)
  const others = painted(
    rest.length === 1 ? (rest[0]?.[0] ?? OTHERS) : `${rest.length} ${OTHERS}`,
    rest.reduce((sum, [, count]) => sum + count, 0),
    OTHER_COLOUR,
  )
  const byName = new Map([...coloured, daemons].map((workload) => [workload.name, workload]))
  return {
    legend: [...coloured, ...(others.pods > 0 ? [others] : [])],
    of: (pod) => byName.get(workloadName(pod)) ?? others,
    daemons,
  }
}

function painted(name: string, pods: number, colour: string): Workload {
  return { name, pods, colour, isDark: isDark(colour) }
}

/** By the luminance that eyes see (ITU-R BT.601). */
function isDark(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return 0.299 * red + 0.587 * green + 0.114 * blue < 150
}

/** `namespace/name` of the Deployment, StatefulSet, Job and so on that a pod belongs to, as far as its names tell. */
export function workloadName({ metadata }: Pod): string {
  const { namespace = 'default', labels = {}, ownerReferences = [], name } = metadata
  const [owner] = ownerReferences
  if (owner?.kind === 'DaemonSet') return DAEMONS
  const label = labels['app.kubernetes.io/name'] ?? labels['app'] ?? labels['k8s-app']
  const own =
    owner === undefined ? (label ?? name.replace(/(-[a-f0-9]{8,10})?-([a-z0-9]{5}|\d+)$/, '')) : ownerName(owner)
  return `${namespace}/${own}`
}

/** A ReplicaSet carries the hash of its template behind its Deployment's name, a Job the minute behind its CronJob's. */
function ownerName({ kind, name }: { readonly kind: string; readonly name: string }): string {
  if (kind === 'ReplicaSet') return name.replace(/-[a-z0-9]{6,10}$/, '')
  return kind === 'Job' ? name.replace(/-\d{8,}$/, '') : name
}
