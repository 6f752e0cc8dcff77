import type { PersistentVolume, Pod, StorageClass, VolumeClaim } from '../../test/packing/documents.ts'
import { type RandomStream, normalFrom, pickFrom, randomStream } from './random.ts'
import { HOSTNAME, type Workload, ZONE, apartOver, podFrom, podsFrom, spreadOver } from './workload.ts'

/** Half 900m with 3.1 GiB, half 3.5 CPU with 28 GiB: Karpenter's suite for clusters. */
export function clusterSuite(pods: number): Workload {
  return plain(podsFrom(pods, (index) => (index % 2 === 0 ? size(index, 900, 3174) : size(index, 3500, 28672))))
}

/** Log-normal CPU and memory, as clusters of many teams have it: about as many shapes as pods, up to some 2,000. */
export function logNormal(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  return plain(podsFrom(pods, (index) => size(index, skewed(random, 300, 16_000, 10), skewed(random, 700, 65_536, 16))))
}

/** Around a median, cut off at the top and rounded to steps, so that the same shape may come again. */
function skewed(random: RandomStream, median: number, most: number, step: number): number {
  const drawn = Math.exp(Math.log(median) + 1.1 * normalFrom(random))
  return Math.max(step, Math.min(most, Math.round(drawn / step) * step))
}

const LARGE = [
  [7000, 14_336],
  [3500, 28_672],
  [6000, 50_000],
  [11_000, 22_528],
  [15_000, 30_720],
  [2500, 60_000],
] as const

function largeSize(index: number) {
  const [cpuMillis, memoryMi] = LARGE[index % LARGE.length] ?? LARGE[0]
  return size(index, cpuMillis, memoryMi)
}

/** Six shapes that do not go well into any type. */
export function sixLarge(pods: number): Workload {
  return plain(podsFrom(pods, (index) => largeSize(index)))
}

export function memoryHeavy(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  return plain(
    podsFrom(pods, (index) => size(index, pickFrom(random, [250, 500, 1000]), pickFrom(random, [4096, 8192, 15_000]))),
  )
}

export function cpuHeavy(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  return plain(
    podsFrom(pods, (index) => size(index, pickFrom(random, [1000, 2000, 3900]), pickFrom(random, [256, 512, 1024]))),
  )
}

/** So small that slots for pods run out before CPU and memory do. */
export function manyTiny(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  return plain(podsFrom(pods, (index) => size(index, pickFrom(random, [5, 10, 20]), pickFrom(random, [16, 32, 64]))))
}

/** Every fifth pod wants a GPU, the others must not keep GPUs busy for nothing. */
export function gpuMix(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  return plain(
    podsFrom(pods, (index) => {
      const wants = index % 5 === 0
      return {
        ...size(index, pickFrom(random, [500, 1000, 2000]), 4096),
        ...(wants && { more: { 'nvidia.com/gpu': '1' } }),
      }
    }),
  )
}

const REPLICAS = 12

/** Deployments of a dozen, each spread over zones, every third over hosts as well. */
export function zoneSpread(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  const shapes = Array.from(
    { length: Math.ceil(pods / REPLICAS) },
    () => [pickFrom(random, [250, 500, 1000, 2000]), pickFrom(random, [512, 1024, 4096])] as const,
  )
  return plain(
    podsFrom(pods, (index) => {
      const deployment = Math.floor(index / REPLICAS)
      const labels = { app: `web-${deployment}` }
      const [cpuMillis = 250, memoryMi = 512] = shapes[deployment] ?? []
      const overZones = spreadOver(ZONE, labels).topologySpreadConstraints ?? []
      const overHosts = deployment % 3 === 0 ? (spreadOver(HOSTNAME, labels, 2).topologySpreadConstraints ?? []) : []
      return { ...size(index, cpuMillis, memoryMi), labels, topologySpreadConstraints: [...overZones, ...overHosts] }
    }),
  )
}

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const
const DISKS: StorageClass = {
  metadata: { name: 'gp3' },
  provisioner: 'ebs.csi.aws.com',
  volumeBindingMode: 'WaitForFirstConsumer',
}

/** StatefulSets of three, apart on hosts; half of the members have a disk in a zone already. */
export function statefulSets(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  const members = Array.from({ length: pods }, (_, index) => memberOf(index, random))
  return {
    pods: members.map(({ pod }) => pod),
    persistentVolumeClaims: members.map(({ claim }) => claim),
    persistentVolumes: members.flatMap(({ volumes }) => volumes),
    storageClasses: [DISKS],
  }
}

interface Member {
  readonly pod: Pod
  readonly claim: VolumeClaim
  readonly volumes: readonly PersistentVolume[]
}

function memberOf(index: number, random: RandomStream): Member {
  const set = `db-${Math.floor(index / 3)}`
  const claimName = `data-${set}-${index % 3}`
  const hasDisk = index % 2 === 0
  const labels = { app: set }
  const volumeName = `pv-${claimName}`
  const cpuMillis = pickFrom(random, [500, 1000, 2000])
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName } }]
  return {
    pod: podFrom({
      name: `${set}-${index % 3}`,
      cpuMillis,
      memoryMi: 4 * cpuMillis,
      labels,
      ...apartOver(HOSTNAME, labels),
      volumes,
    }),
    claim: {
      metadata: { name: claimName, namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'gp3', ...(hasDisk && { volumeName }) },
    },
    volumes: hasDisk ? [diskIn(ZONES[index % ZONES.length] ?? ZONES[0], volumeName)] : [],
  }
}

function diskIn(zone: string, name: string): PersistentVolume {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: ZONE, operator: 'In', values: [zone] }] }]
  const csi = { driver: 'ebs.csi.aws.com', volumeHandle: name }
  return { metadata: { name }, spec: { csi, nodeAffinity: { required: { nodeSelectorTerms } } } }
}

const ARCH = 'kubernetes.io/arch'

/** A third only for amd64, a sixth only for arm64, the rest for either. */
export function mixedArchitectures(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  return plain(
    podsFrom(pods, (index) => ({
      ...size(index, pickFrom(random, [250, 500, 1000, 2000]), pickFrom(random, [512, 2048, 4096])),
      ...(index % 6 < 2 && { nodeSelector: { [ARCH]: 'amd64' } }),
      ...(index % 6 === 2 && { nodeSelector: { [ARCH]: 'arm64' } }),
    })),
  )
}

/** Web tiers that are spread, daemons' neighbours that are small, and batch jobs that take spot nodes by the dozen. */
export function webAndBatch(pods: number, seed: number): Workload {
  const random = randomStream(seed)
  return plain(
    podsFrom(pods, (index) => {
      if (index % 3 === 0)
        return { ...size(index, pickFrom(random, [2000, 4000, 7500]), pickFrom(random, [4096, 8192, 15_000])) }
      const labels = { app: `tier-${index % 7}` }
      const web = { ...size(index, pickFrom(random, [100, 250, 500]), pickFrom(random, [256, 512, 1024])), labels }
      return index % 3 === 1 ? { ...web, ...spreadOver(ZONE, labels, 3) } : web
    }),
  )
}

function size(index: number, cpuMillis: number, memoryMi: number) {
  return { name: `pod-${index}`, cpuMillis, memoryMi }
}

function plain(pods: readonly Pod[]): Workload {
  return { pods }
}
