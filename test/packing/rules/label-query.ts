import type { Expression, LabelSelector, Labels, NodeSelector, NodeSelectorTerm } from '../documents.ts'

/**
 * Selectors over labels, and over nodes. Pages: "Labels and Selectors" (set-based requirements), "Assigning Pods to Nodes"
 * (operators; terms are alternatives, the lines of a term must all match) and the API reference of NodeSelectorTerm (an
 * empty term matches no node).
 */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false
  const pairs = Object.entries(selector.matchLabels ?? {})
  return (
    pairs.every(([key, value]) => valueOf(labels, key) === value) &&
    (selector.matchExpressions ?? []).every((expression) =>
      matchesExpression(expression, valueOf(labels, expression.key)),
    )
  )
}

/** What a node is asked about: its labels, and its name as the field `metadata.name`. */
export interface Selectable {
  readonly name: string
  readonly labels: Labels
}

export function matchesNodeSelector({ nodeSelectorTerms }: NodeSelector, node: Selectable): boolean {
  return nodeSelectorTerms.some((term) => matchesTerm(term, node))
}

function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Selectable): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false
  return (
    matchExpressions.every((expression) => matchesExpression(expression, valueOf(node.labels, expression.key))) &&
    matchFields.every((field) => field.key === 'metadata.name' && matchesExpression(field, node.name))
  )
}

/** Whether a label's value, absent as undefined, is what the line asks for. `NotIn` takes objects without the label, too. */
export function matchesExpression({ operator, values = [] }: Expression, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return isOrdered(values[0], value)
    case 'Lt':
      return isOrdered(value, values[0])
    default:
      throw new Error(`no such operator: ${operator}`)
  }
}

/** Both are whole numbers, the first below the second. What is no number matches neither `Gt` nor `Lt`. */
function isOrdered(lower: string | undefined, higher: string | undefined): boolean {
  if (!isWhole(lower) || !isWhole(higher)) return false
  return BigInt(lower) < BigInt(higher)
}

function isWhole(text: string | undefined): text is string {
  return text !== undefined && /^-?\d+$/.test(text)
}

/** A label's own value: labels are data, so a key like `constructor` is none of the prototype's. */
export function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined
}
