import { requirementMatches, type LabelLookup, type NodeDemand } from './node-affinity.ts'
import type { NodeRequirement, NodeSelectorTerm } from './kubernetes.ts'
import { OPEN } from './candidates.ts'

/** One bit for each node: whether something holds of it. */
export type Mask = Uint8Array

/** Answers for many nodes at once what their labels satisfy. A node that does not exist yet has no name. */
export interface LabelTable {
  /** The nodes that satisfy a demand. */
  satisfying(demand: NodeDemand): Mask
  /** The nodes that satisfy one term. */
  satisfyingTerm(term: NodeSelectorTerm): Mask
  /** The value of a key for each node, as numbers; -1: no such label. */
  column(key: string): Int32Array
  /** The values of a key, by the numbers of its column. */
  values(key: string): readonly string[]
}

interface Column {
  readonly ids: Int32Array
  readonly values: string[]
}

export function openLabelTable(nodes: readonly { readonly label: LabelLookup; readonly name?: string }[]): LabelTable {
  const columns = new Map<string, Column>()
  const masks = new Map<string, Mask>()
  const columnOf = (key: string): Column =>
    remembered(columns, key, () => columnFrom(nodes.map(({ label }) => label(key))))
  const names = columnFrom(nodes.map(({ name }) => name))

  const satisfyingOne = (requirement: NodeRequirement, column: Column): Mask => {
    const matches = column.values.map((value) => value !== OPEN && requirementMatches(requirement, value))
    const matchesAbsence = requirementMatches(requirement, undefined)
    return Uint8Array.from(column.ids, (id) => Number(id === -1 ? matchesAbsence : matches[id]))
  }
  const byLabel = (requirement: NodeRequirement): Mask =>
    remembered(masks, JSON.stringify(requirement), () => satisfyingOne(requirement, columnOf(requirement.key)))

  const satisfyingTerm = ({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): Mask => {
    if (matchExpressions.length + matchFields.length === 0) return new Uint8Array(nodes.length)
    const parts = [...matchExpressions.map(byLabel), ...matchFields.map((field) => satisfyingOne(field, names))]
    return parts.reduce(both, new Uint8Array(nodes.length).fill(1))
  }
  return {
    satisfying: ({ labels, selectors }) => {
      const exact = Object.entries(labels).map(([key, value]) => byLabel({ key, operator: 'In', values: [value] }))
      const chosen = selectors.map(({ nodeSelectorTerms }) =>
        nodeSelectorTerms.map(satisfyingTerm).reduce(either, new Uint8Array(nodes.length)),
      )
      return [...exact, ...chosen].reduce(both, new Uint8Array(nodes.length).fill(1))
    },
    satisfyingTerm,
    column: (key) => columnOf(key).ids,
    values: (key) => columnOf(key).values,
  }
}

function remembered<Value>(memory: Map<string, Value>, key: string, make: () => Value): Value {
  const known = memory.get(key)
  if (known !== undefined) return known
  const made = make()
  memory.set(key, made)
  return made
}

function columnFrom(values: readonly (string | undefined)[]): Column {
  const ids = new Map<string, number>()
  const column = Int32Array.from(values, (value) => {
    if (value === undefined) return -1
    const known = ids.get(value)
    if (known !== undefined) return known
    ids.set(value, ids.size)
    return ids.size - 1
  })
  return { ids: column, values: [...ids.keys()] }
}

/** What holds by both masks. */
export function both(a: Mask, b: Mask): Mask {
  return a.map((bit, index) => bit & (b[index] ?? 0))
}

function either(a: Mask, b: Mask): Mask {
  return a.map((bit, index) => bit | (b[index] ?? 0))
}
