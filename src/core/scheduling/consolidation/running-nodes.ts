import type { Labels } from '../../label-selector.ts'
import type { Node, Pod } from '../kubernetes.ts'
import type { InstanceType, ProvisioningProblem } from '../problem.ts'
import { CAPACITY_TYPE, CAPACITY_TYPE_ALIAS, INSTANCE_TYPE, NODE_POOL, ZONE } from '../well-known.ts'

/** A node that runs, and what it costs. */
export interface RunningNode {
  readonly node: Node
  /** Its type, zone and capacity type, and what that costs; a text: why that is not known. */
  readonly offer: NodeOffer | string
  /** Pods there, by index: those that would have to move, and those that come and go with their node. */
  readonly movable: readonly number[]
  readonly tied: readonly number[]
}

export interface NodeOffer {
  readonly pool: string
  readonly type: InstanceType
  readonly zone: string
  readonly capacityType: string
  readonly priceUsdPerHour: number
}

/** The nodes of a problem by name, with their pods. */
export function runningNodesIn(problem: ProvisioningProblem): readonly RunningNode[] {
  const types = new Map(problem.instanceTypes.map((type) => [type.name, type]))
  const pools = new Set(problem.pools.map(({ name }) => name))
  const podsOn = new Map<string, number[]>()
  for (const [index, { spec }] of problem.pods.entries()) {
    const { nodeName = '' } = spec
    if (nodeName === '') continue
    const known = podsOn.get(nodeName)
    if (known === undefined) podsOn.set(nodeName, [index])
    else known.push(index)
  }
  return problem.nodes
    .map((node): RunningNode => {
      const pods = podsOn.get(node.metadata.name) ?? []
      const isTiedHere = (index: number): boolean => isTied(problem.pods[index])
      return {
        node,
        offer: offerOf(node, pools, types),
        movable: pods.filter((index) => !isTiedHere(index)),
        tied: pods.filter(isTiedHere),
      }
    })
    .toSorted((a, b) => (a.node.metadata.name < b.node.metadata.name ? -1 : 1))
}

export function priceOf({ offer }: RunningNode): number {
  return typeof offer === 'string' ? 0 : offer.priceUsdPerHour
}

const MIRROR = 'kubernetes.io/config.mirror'

/** Pods of DaemonSets and of the kubelet itself: another node has its own. Source: Kubernetes, "Safely Drain a Node". */
function isTied(pod: Pod | undefined): boolean {
  const { annotations = {}, ownerReferences = [] } = pod?.metadata ?? {}
  return MIRROR in annotations || ownerReferences.some(({ kind }) => kind === 'DaemonSet' || kind === 'Node')
}

function offerOf(
  { metadata: { labels = {} } }: Node,
  pools: ReadonlySet<string>,
  types: ReadonlyMap<string, InstanceType>,
): NodeOffer | string {
  const pool = labels[NODE_POOL]
  if (pool === undefined) return `it is of no pool: the label ${NODE_POOL} is missing`
  if (!pools.has(pool)) return `it is of pool ${pool}, which is not among those given`
  const typeName = labels[INSTANCE_TYPE]
  if (typeName === undefined) return `what it costs is not known: the label ${INSTANCE_TYPE} is missing`
  const type = types.get(typeName)
  if (type === undefined) return `what it costs is not known: there is no instance type ${typeName}`
  const offering = offeringOf(type, labels)
  return typeof offering === 'string' ? offering : { pool, type, ...offering }
}

function offeringOf({ name, offerings }: InstanceType, labels: Labels): Omit<NodeOffer, 'pool' | 'type'> | string {
  const zone = labels[ZONE] ?? ''
  const capacityType = labels[CAPACITY_TYPE] ?? labels[CAPACITY_TYPE_ALIAS] ?? 'on-demand'
  const offering = offerings.find((one) => one.zone === zone && one.capacityType === capacityType)
  if (offering !== undefined) return { zone, capacityType, priceUsdPerHour: offering.priceUsdPerHour }
  const where = zone === '' ? 'a zone without a name' : zone
  return `what it costs is not known: ${name} is not offered as ${capacityType} in ${where}`
}
