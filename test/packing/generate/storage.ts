import type { PersistentVolume, StorageClass, Volume, VolumeClaim } from '../documents.ts'
import { ZONE, ZONES, pick } from './vocabulary.ts'
import type { FeatureWords } from './words.ts'

type VolumeWords = FeatureWords & { readonly type: 'volume' }

const DRIVER = 'ebs.csi.aws.com'
const DRIVER_ZONE = 'topology.ebs.csi.aws.com/zone'

/** What a pod with a volume brings along. */
export interface Storage {
  readonly volume: Volume
  readonly claims: readonly VolumeClaim[]
  readonly volumes: readonly PersistentVolume[]
}

/** Which claim a pod's volume is: pods of a group share it, or have each its own, like those of a StatefulSet. */
export interface Seat {
  readonly namespace: string
  readonly group: string
  readonly ordinal: number
  /** The volume's place among the pod's. */
  readonly index: number
}

/** Disks that wait for their pod, those only in two zones, and a file system that many nodes use. */
export const STORAGE_CLASSES: readonly StorageClass[] = [
  { metadata: { name: 'disk' }, provisioner: DRIVER, volumeBindingMode: 'WaitForFirstConsumer' },
  {
    metadata: { name: 'disk-a-b' },
    provisioner: DRIVER,
    volumeBindingMode: 'WaitForFirstConsumer',
    allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE, values: ['zone-a', 'zone-b'] }] }],
  },
  { metadata: { name: 'files' }, provisioner: 'efs.csi.aws.com', volumeBindingMode: 'WaitForFirstConsumer' },
]

export function storageFor({ storage, zone, shared }: VolumeWords, seat: Seat): Storage {
  const own = `${seat.group}-${seat.index}-${seat.ordinal}`
  const claimName = shared ? `${seat.group}-${seat.index}-shared` : own
  const volume: Volume = { name: `data-${seat.index}`, persistentVolumeClaim: { claimName } }
  const claim = (spec: VolumeClaim['spec']): VolumeClaim => ({
    metadata: { name: claimName, namespace: seat.namespace },
    spec: { accessModes: ['ReadWriteOnce'], ...spec },
  })
  switch (storage) {
    case 'bound':
    case 'bound-by-driver-key': {
      // Claims of one name share a volume; replicas' own volumes lie in one zone after the other.
      const volumeName = `pv-${seat.namespace}-${claimName}`
      const zoneName = pick(ZONES, zone + (shared ? 0 : seat.ordinal))
      const key = storage === 'bound' ? ZONE : DRIVER_ZONE
      return {
        volume,
        claims: [claim({ volumeName, storageClassName: 'disk' })],
        volumes: [volumeIn(volumeName, key, zoneName)],
      }
    }
    case 'waiting':
      return { volume, claims: [claim({ storageClassName: 'disk' })], volumes: [] }
    case 'allowed':
      return { volume, claims: [claim({ storageClassName: 'disk-a-b' })], volumes: [] }
    case 'one-pod':
      return { volume, claims: [claim({ storageClassName: 'disk', accessModes: ['ReadWriteOncePod'] })], volumes: [] }
    case 'many':
      return { volume, claims: [claim({ storageClassName: 'files', accessModes: ['ReadWriteMany'] })], volumes: [] }
    case 'ephemeral': {
      const spec = { accessModes: ['ReadWriteOnce'], storageClassName: 'disk-a-b' }
      return { volume: { name: volume.name, ephemeral: { volumeClaimTemplate: { spec } } }, claims: [], volumes: [] }
    }
    case 'missing':
      return { volume, claims: [], volumes: [] }
  }
}

function volumeIn(name: string, key: string, zone: string): PersistentVolume {
  const nodeSelectorTerms = [{ matchExpressions: [{ key, operator: 'In', values: [zone] }] }]
  return {
    metadata: { name },
    spec: { csi: { driver: DRIVER, volumeHandle: name }, nodeAffinity: { required: { nodeSelectorTerms } } },
  }
}

/** CSINode of a running node that takes so many disks. */
export function csiNodeWith(name: string, count: number) {
  return {
    metadata: { name },
    spec: { drivers: [{ name: DRIVER, nodeID: name, topologyKeys: [DRIVER_ZONE], allocatable: { count } }] },
  }
}
