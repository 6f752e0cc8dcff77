import type { Pod } from '../../test/packing/documents.ts'
import { type RandomStream, pickFrom, randomStream } from './random.ts'
import {
  HOSTNAME,
  ZONE,
  type Workload,
  type WorkloadWords,
  apartOver,
  podsFrom,
  spreadOver,
  togetherOver,
} from './workload.ts'

/** Shapes and labels of Karpenter's benchmark (scheduling_benchmark_test.go). */
const CPU_MILLIS = [100, 250, 500, 1000, 1500] as const
const MEMORY_MI = [100, 256, 512, 1024, 2048, 4096] as const
const LABELS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const

function sized(random: RandomStream, name: string): WorkloadWords {
  return { name, cpuMillis: pickFrom(random, CPU_MILLIS), memoryMi: pickFrom(random, MEMORY_MI) }
}

type Part = (name: string, random: RandomStream) => WorkloadWords

const PARTS: readonly Part[] = [
  (name, random) => ({ ...sized(random, name), labels: { 'my-label': pickFrom(random, LABELS) } }),
  spreadPart(ZONE),
  spreadPart(HOSTNAME),
  (name, random) => {
    const labels = { 'my-affininity': pickFrom(random, LABELS) }
    return { ...sized(random, name), labels, ...togetherOver(ZONE, labels) }
  },
  (name, random) => {
    const labels = { app: 'nginx' }
    return { ...sized(random, name), labels, ...apartOver(HOSTNAME, labels) }
  },
]

function spreadPart(topologyKey: string): Part {
  return (name, random) => {
    const labels = { 'my-label': pickFrom(random, LABELS) }
    return { ...sized(random, name), labels, ...spreadOver(topologyKey, { 'my-label': pickFrom(random, LABELS) }) }
  }
}

/** Five equal parts: plain, spread over zones, spread over hosts, together in a zone, and apart on hosts. */
export function karpenterDiverse(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  const each = Math.floor(pods / PARTS.length)
  const all: Pod[] = PARTS.flatMap((part, kind) =>
    podsFrom(kind === 0 ? pods - each * (PARTS.length - 1) : each, (index) => part(`diverse-${kind}-${index}`, random)),
  )
  return { pods: all }
}

/** Identical pods with a zone preference that can be kept, an anti-preference for zones that cannot, and one for hosts. */
export function karpenterPreferences(pods: number): Workload {
  const labels = { app: 'nginx' }
  const term = (topologyKey: string) => ({
    weight: 1,
    podAffinityTerm: { topologyKey, labelSelector: { matchLabels: labels } },
  })
  const near = { preferredDuringSchedulingIgnoredDuringExecution: [term(ZONE)] }
  const apart = { preferredDuringSchedulingIgnoredDuringExecution: [term(ZONE), term(HOSTNAME)] }
  const affinity = { podAffinity: near, podAntiAffinity: apart }
  const words = (index: number) => ({ name: `preferring-${index}`, cpuMillis: 100, memoryMi: 100, labels, affinity })
  return { pods: podsFrom(pods, words) }
}

/** The shapes of the benchmark without any constraint. */
export function benchmarkShapes(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  return { pods: podsFrom(pods, (index) => sized(random, `shape-${index}`)) }
}
