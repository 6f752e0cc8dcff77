import type { Pod, Taint, Toleration } from './kubernetes.ts'
import { both, type LabelTable, type Mask } from './label-table.ts'
import { sortedEntries } from '../label-selector.ts'
import { nodeDemandOf, type NodeDemand } from './node-affinity.ts'
import type { Place } from './places.ts'
import { isRatherAvoided, untoleratedTaint } from './taints.ts'
import type { VolumeNeeds } from './volumes.ts'

/** Pods that make the same demands of a node's labels and taints. Masks are over places. */
export interface NodeClass {
  readonly demand: NodeDemand
  readonly tolerations: readonly Toleration[]
  /** Places whose labels satisfy the demand. */
  readonly byLabels: Mask
  /** The same without what its volumes demand: spread asks the pod alone. */
  readonly byOwnLabels: Mask
  /** Places whose taints are tolerated. */
  readonly byTaints: Mask
  /** Places that will do. */
  readonly mask: Mask
  /** How much each place is preferred; undefined: all the same. */
  readonly preference: Float64Array | undefined
}

/** Gives pods with equal demands one class. */
export interface NodeClasses {
  indexOf(pod: Pod, volumes: Pick<VolumeNeeds, 'selectors'>, extraTolerations?: readonly Toleration[]): number
  at(index: number): NodeClass
  all(): readonly NodeClass[]
}

/** A `PreferNoSchedule` taint weighs as much as the heaviest preference. */
const TAINT_WEIGHT = 100

export function createNodeClasses(
  places: readonly Place[],
  table: LabelTable,
  options: { readonly ignorePreferences: boolean },
): NodeClasses {
  const indices = new Map<string, number>()
  const classes: NodeClass[] = []
  const tolerated = tolerationMasks(places)

  const make = (pod: Pod, demand: NodeDemand, tolerations: readonly Toleration[]): NodeClass => {
    const byLabels = table.satisfying(demand)
    const byTaints = tolerated((taints) => untoleratedTaint(taints, tolerations) === undefined)
    const preference = options.ignorePreferences ? undefined : preferenceOf(pod, tolerations, { table, tolerated })
    const byOwnLabels = table.satisfying(nodeDemandOf(pod.spec))
    return { demand, tolerations, byLabels, byOwnLabels, byTaints, mask: both(byLabels, byTaints), preference }
  }
  return {
    indexOf: (pod, { selectors }, extra = []) => {
      const own = nodeDemandOf(pod.spec)
      const demand = { labels: own.labels, selectors: [...own.selectors, ...selectors] }
      const tolerations = [...(pod.spec.tolerations ?? []), ...extra]
      const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
      const key = JSON.stringify([sortedEntries(demand.labels), own.selectors, selectors, tolerations, preferred])
      const known = indices.get(key)
      if (known !== undefined) return known
      indices.set(key, classes.length)
      return classes.push(make(pod, demand, tolerations)) - 1
    },
    at: (index) => {
      const found = classes[index]
      if (found === undefined) throw new RangeError(`no class ${index}`)
      return found
    },
    all: () => classes,
  }
}

type TaintTest = (taints: readonly Taint[]) => boolean

/** Few sets of taints are shared by many places: each is judged once. */
function tolerationMasks(places: readonly Place[]): (test: TaintTest) => Mask {
  const sets: (readonly Taint[])[] = []
  const numbers = new Map<string, number>()
  const numberOf = places.map(({ taints }) => {
    const text = JSON.stringify(taints)
    const known = numbers.get(text)
    if (known !== undefined) return known
    numbers.set(text, sets.length)
    return sets.push(taints) - 1
  })
  return (test) => {
    const answers = sets.map(test)
    return Uint8Array.from(numberOf, (number) => Number(answers[number]))
  }
}

interface Tables {
  readonly table: LabelTable
  readonly tolerated: (test: TaintTest) => Mask
}

function preferenceOf(
  pod: Pod,
  tolerations: readonly Toleration[],
  { table, tolerated }: Tables,
): Float64Array | undefined {
  const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  const avoided = tolerated((taints) => isRatherAvoided(taints, tolerations))
  if (terms.length === 0 && !avoided.includes(1)) return undefined
  const preference = Float64Array.from(avoided, (bit) => -TAINT_WEIGHT * bit)
  for (const { weight, preference: term } of terms) {
    for (const [place, bit] of table.satisfyingTerm(term).entries()) {
      preference[place] = (preference[place] ?? 0) + weight * bit
    }
  }
  return preference
}
