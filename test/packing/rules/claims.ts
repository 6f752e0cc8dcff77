import type { ClaimSpec, NodeSelector, PackInput, StorageClass, VolumeClaim } from '../documents.ts'
import { matchesNodeSelector, valueOf } from './label-query.ts'
import type { Host } from './host.ts'
import { type Load, fullName } from './load.ts'
import { ZONE } from './well-known.ts'

/** A claim of a pod for storage, as far as it says where the pod may run. */
export interface Claim {
  /** `namespace/name`; pods that share the claim share it. */
  readonly id: string
  /** What counts against attach limits: the volume if there is one, else the claim. */
  readonly volume: string
  readonly driver: string | undefined
  readonly modes: readonly string[]
  readonly place: ClaimPlace
}

export type ClaimPlace =
  /** Alternatives, one of which a node must match. */
  | { readonly type: 'nodes'; readonly selector: NodeSelector | undefined }
  /** The claim does not exist: the scheduler waits for it. */
  | { readonly type: 'missing' }
  /** Not to be judged from the documents: bound at once by somebody else, or of an unknown class. */
  | { readonly type: 'unclear' }

/** The claims of a pod. "Ephemeral Volumes": a generic ephemeral volume makes a claim called after pod and volume. */
export function claimsOf({ namespace, name, spec }: Load, input: PackInput): readonly Claim[] {
  const podName = name.slice(namespace.length + 1)
  return (spec.volumes ?? []).flatMap(({ name: volumeName, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [claimCalled(`${namespace}/${persistentVolumeClaim.claimName}`, input)]
    if (!ephemeral) return []
    return [claimCalled(`${namespace}/${podName}-${volumeName}`, input, ephemeral.volumeClaimTemplate.spec)]
  })
}

function claimCalled(id: string, input: PackInput, template?: ClaimSpec): Claim {
  const found = input.persistentVolumeClaims?.find((claim: VolumeClaim) => fullName(claim.metadata) === id)
  const spec = found?.spec ?? template
  // Without any claims in the document it may just not say anything of them.
  const nowhere: ClaimPlace = { type: (input.persistentVolumeClaims ?? []).length > 0 ? 'missing' : 'unclear' }
  if (!spec) return { id, volume: id, driver: undefined, modes: [], place: nowhere }
  const modes = spec.accessModes ?? []
  return spec.volumeName ? bound(id, spec.volumeName, modes, input) : waiting(id, spec, modes, input)
}

/** "Persistent Volumes", node affinity: only nodes that the volume's affinity selects can use it. */
function bound(id: string, volume: string, modes: readonly string[], input: PackInput): Claim {
  const found = input.persistentVolumes?.find(({ metadata }) => metadata.name === volume)
  if (!found) return { id, volume, driver: undefined, modes, place: { type: 'unclear' } }
  const { csi, nodeAffinity } = found.spec
  return { id, volume, driver: csi?.driver, modes, place: { type: 'nodes', selector: nodeAffinity?.required } }
}

/** "Storage Classes": WaitForFirstConsumer makes the volume where the pod goes, within the allowed topologies. */
function waiting(id: string, spec: ClaimSpec, modes: readonly string[], input: PackInput): Claim {
  const storageClass = input.storageClasses?.find(({ metadata }) => metadata.name === spec.storageClassName)
  const waits = storageClass?.volumeBindingMode === 'WaitForFirstConsumer'
  const place: ClaimPlace = waits ? { type: 'nodes', selector: allowedNodes(storageClass) } : { type: 'unclear' }
  return { id, volume: id, driver: storageClass?.provisioner, modes, place }
}

function allowedNodes({ allowedTopologies = [] }: StorageClass): NodeSelector | undefined {
  if (allowedTopologies.length === 0) return undefined
  const nodeSelectorTerms = allowedTopologies.map(({ matchLabelExpressions = [] }) => ({
    matchExpressions: matchLabelExpressions.map(({ key, values }) => ({ key, operator: 'In', values })),
  }))
  return { nodeSelectorTerms }
}

/** How sure a complaint must be: `lenient` blames only what every reading forbids, `strict` allows only what every one allows. */
export type Reading = 'lenient' | 'strict'

/** Why storage keeps a pod off a host whatever else runs there. */
export function claimComplaints(claims: readonly Claim[], host: Host, reading: Reading): readonly string[] {
  return claims.flatMap(({ id, place }) => {
    switch (place.type) {
      case 'missing':
        return [`claim ${id} does not exist`]
      case 'unclear':
        return reading === 'strict' ? [`claim ${id} cannot be judged`] : []
      case 'nodes':
        return isAllowed(place.selector, host) ? [] : [`claim ${id} does not reach the node`]
    }
  })
}

/** The EBS driver names zones with a key of its own (its docs, "Topology"); its nodes get that label when it starts there. */
const EBS_ZONE = 'topology.ebs.csi.aws.com/zone'

function isAllowed(selector: NodeSelector | undefined, { name, labels }: Host): boolean {
  const zone = valueOf(labels, ZONE)
  const known = zone === undefined ? labels : { [EBS_ZONE]: zone, ...labels }
  return selector === undefined || matchesNodeSelector(selector, { name, labels: known })
}
