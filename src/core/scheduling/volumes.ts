import type {
  ClaimSpec,
  CsiNode,
  NodeSelector,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
  Volume,
} from './kubernetes.ts'

/**
 * What the volumes of a pod demand of its node. Source: Kubernetes, "Storage Classes" (volume binding mode, allowed
 * topologies), "Persistent Volumes" (node affinity, access modes), "Node-specific Volume Limits".
 */
export interface VolumeNeeds {
  readonly selectors: readonly NodeSelector[]
  /** One for each volume that takes one of a driver's slots on the node. */
  readonly attachments: readonly Attachment[]
  /** Claims of one zone that other pods use, too: whoever comes first settles where that is. */
  readonly sharedClaims: readonly string[]
  /** Why no node will do; undefined: some may. */
  readonly failure: string | undefined
}

export interface Attachment {
  readonly driver: string
  /** Names the volume when several pods use it, for it takes one slot only; undefined: it is this pod's alone. */
  readonly handle: string | undefined
}

/** Its volumes are in one zone, whatever their claims say: io2 lets several nodes of it attach one. */
const EBS = 'ebs.csi.aws.com'

const NOTHING: VolumeNeeds = { selectors: [], attachments: [], sharedClaims: [], failure: undefined }

export interface VolumeObjects {
  readonly pods: readonly Pod[]
  readonly persistentVolumeClaims: readonly PersistentVolumeClaim[]
  readonly persistentVolumes: readonly PersistentVolume[]
  readonly storageClasses: readonly StorageClass[]
  readonly csiNodes: readonly CsiNode[]
}

/** Tells what volumes need. Without any claim on the table nothing is known of claims, and they need nothing. */
export interface VolumeBook {
  needsOf(pod: Pod): VolumeNeeds
  /** Volumes of each driver that a node takes; undefined: nobody says. */
  limitOf(node: string, driver: string): number | undefined
}

export function openVolumeBook(objects: VolumeObjects): VolumeBook {
  const limits = new Map(objects.csiNodes.map((node) => [node.metadata.name, limitsOf(node)]))
  const limitOf = (node: string, driver: string): number | undefined => limits.get(node)?.get(driver)
  const catalogue = {
    claims: new Map(objects.persistentVolumeClaims.map((claim) => [keyOf(claim.metadata), claim])),
    volumes: new Map(objects.persistentVolumes.map((volume) => [volume.metadata.name, volume])),
    classes: new Map(objects.storageClasses.map((storageClass) => [storageClass.metadata.name, storageClass])),
    users: usersOf(objects.pods),
  }
  return { needsOf: (pod) => needsOf(pod, catalogue), limitOf }
}

interface Catalogue {
  readonly claims: ReadonlyMap<string, PersistentVolumeClaim>
  readonly volumes: ReadonlyMap<string, PersistentVolume>
  readonly classes: ReadonlyMap<string, StorageClass>
  /** The pods that use a claim. */
  readonly users: ReadonlyMap<string, readonly Pod[]>
}

function keyOf({ name, namespace = 'default' }: { readonly name: string; readonly namespace?: string }): string {
  return `${namespace}/${name}`
}

function limitsOf({ spec }: CsiNode): ReadonlyMap<string, number> {
  return new Map(
    (spec.drivers ?? []).flatMap(({ name, allocatable }) =>
      allocatable?.count === undefined ? [] : [[name, allocatable.count] as const],
    ),
  )
}

/** The claim that a volume of a pod stands for; undefined: it needs none. */
function claimOf({ metadata }: Pod, { name, persistentVolumeClaim, ephemeral }: Volume): string | undefined {
  const { namespace = 'default' } = metadata
  if (persistentVolumeClaim !== undefined) return `${namespace}/${persistentVolumeClaim.claimName}`
  return ephemeral === undefined ? undefined : `${namespace}/${metadata.name}-${name}`
}

function usersOf(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const users = new Map<string, Pod[]>()
  for (const pod of pods) {
    for (const volume of pod.spec.volumes ?? []) {
      const claim = claimOf(pod, volume)
      if (claim === undefined) continue
      const known = users.get(claim)
      if (known === undefined) users.set(claim, [pod])
      else known.push(pod)
    }
  }
  return users
}

function needsOf(pod: Pod, catalogue: Catalogue): VolumeNeeds {
  const needs = (pod.spec.volumes ?? []).flatMap((volume) => {
    const key = claimOf(pod, volume)
    return key === undefined ? [] : [needsOfClaim({ pod, volume, key }, catalogue)]
  })
  if (needs.length === 0) return NOTHING
  return {
    selectors: needs.flatMap(({ selectors }) => selectors),
    attachments: needs.flatMap(({ attachments }) => attachments),
    sharedClaims: needs.flatMap(({ sharedClaims }) => sharedClaims),
    failure: needs.find(({ failure }) => failure !== undefined)?.failure,
  }
}

interface Use {
  readonly pod: Pod
  readonly volume: Volume
  readonly key: string
}

function needsOfClaim(use: Use, catalogue: Catalogue): VolumeNeeds {
  const { pod, volume, key } = use
  const spec = catalogue.claims.get(key)?.spec ?? templateOf(volume)
  if (spec === undefined) return needsOfMissing(key, catalogue)
  const users = catalogue.users.get(key) ?? []
  if (isTaken(spec, pod, users)) {
    return failed(`the PersistentVolumeClaim ${key} is ReadWriteOncePod and in use by another pod`)
  }
  const handle = users.length > 1 ? key : undefined
  const { volumeName = '', storageClassName = defaultClassIn(catalogue) } = spec
  if (volumeName !== '') return together(needsOfBound(volumeName, handle, catalogue), spec, handle)
  return together(needsOfUnbound(storageClassName, handle, { key, catalogue }), spec, handle)
}

/** Users of one disk follow it to its zone, where the first of them is. Files that many nodes mount are in no zone. */
function together(needs: VolumeNeeds, { accessModes = [] }: ClaimSpec, handle: string | undefined): VolumeNeeds {
  const isDisk = accessModes.includes('ReadWriteOnce') || needs.attachments.some(({ driver }) => driver === EBS)
  return isDisk && handle !== undefined && needs.failure === undefined ? { ...needs, sharedClaims: [handle] } : needs
}

/** Who gives no claims at all wants volumes left out. */
function needsOfMissing(key: string, { claims }: Catalogue): VolumeNeeds {
  return claims.size === 0 ? NOTHING : failed(`the PersistentVolumeClaim ${key} does not exist`)
}

/** The claim of an ephemeral volume is made together with the pod: there may be none yet. */
function templateOf({ ephemeral }: Volume): ClaimSpec | undefined {
  return ephemeral?.volumeClaimTemplate?.spec
}

/** One pod at a time may use such a claim: the one that has a node, or else the first. */
function isTaken({ accessModes = [] }: ClaimSpec, pod: Pod, users: readonly Pod[]): boolean {
  if (!accessModes.includes('ReadWriteOncePod')) return false
  return (users.find(({ spec }) => spec.nodeName !== undefined) ?? users[0]) !== pod
}

function failed(failure: string): VolumeNeeds {
  return { ...NOTHING, failure }
}

function needsOfBound(name: string, handle: string | undefined, { volumes }: Catalogue): VolumeNeeds {
  if (volumes.size === 0) return NOTHING
  const volume = volumes.get(name)
  if (volume === undefined) return failed(`the PersistentVolume ${name} does not exist`)
  const { csi, nodeAffinity } = volume.spec
  return {
    ...NOTHING,
    selectors: nodeAffinity?.required === undefined ? [] : [nodeAffinity.required],
    attachments: csi === undefined ? [] : [{ driver: csi.driver, handle }],
  }
}

function defaultClassIn({ classes }: Catalogue): string | undefined {
  const isDefault = ({ metadata }: StorageClass): boolean =>
    metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
  return [...classes.values()].find(isDefault)?.metadata.name
}

function needsOfUnbound(
  className: string | undefined,
  handle: string | undefined,
  { key, catalogue }: { readonly key: string; readonly catalogue: Catalogue },
): VolumeNeeds {
  if (catalogue.classes.size === 0) return NOTHING
  const storageClass = className === undefined ? undefined : catalogue.classes.get(className)
  if (storageClass === undefined) return failed(`the StorageClass of the PersistentVolumeClaim ${key} does not exist`)
  if (storageClass.volumeBindingMode !== 'WaitForFirstConsumer') {
    return failed(`the PersistentVolumeClaim ${key} is bound at once, and has no volume yet`)
  }
  return {
    ...NOTHING,
    selectors: topologySelectors(storageClass),
    attachments: [{ driver: storageClass.provisioner, handle }],
    sharedClaims: [],
  }
}

function topologySelectors({ allowedTopologies = [] }: StorageClass): readonly NodeSelector[] {
  if (allowedTopologies.length === 0) return []
  const nodeSelectorTerms = allowedTopologies.map(({ matchLabelExpressions = [] }) => ({
    matchExpressions: matchLabelExpressions.map(({ key, values }) => ({ key, operator: 'In' as const, values })),
  }))
  return [{ nodeSelectorTerms }]
}
