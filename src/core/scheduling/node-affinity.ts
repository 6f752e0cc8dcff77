import type { NodeRequirement, NodeSelector, PodSpec } from './kubernetes.ts'
import type { Labels } from '../label-selector.ts'

/** How a label of a node is looked up; undefined: it carries none of that key. */
export type LabelLookup = (key: string) => string | undefined

/**
 * What a pod demands of its node, by labels: all exact labels, and one term of each selector.
 * Source: Kubernetes, "Assigning Pods to Nodes".
 */
export interface NodeDemand {
  readonly labels: Labels
  readonly selectors: readonly NodeSelector[]
}

/** The hard demands of a pod; those of its volumes come on top. */
export function nodeDemandOf({ nodeSelector = {}, affinity }: PodSpec): NodeDemand {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return { labels: nodeSelector, selectors: required === undefined ? [] : [required] }
}

/** Whether a label's value satisfies a requirement; undefined: the node has no such label. */
export function requirementMatches({ operator, values = [] }: NodeRequirement, value: string | undefined): boolean {
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
      return isBeyond(value, values[0], 1)
    case 'Lt':
      return isBeyond(value, values[0], -1)
  }
}

const INTEGER = /^[+-]?\d+$/

function isBeyond(value: string | undefined, bound: string | undefined, direction: 1 | -1): boolean {
  if (value === undefined || bound === undefined || !INTEGER.test(value) || !INTEGER.test(bound)) return false
  return (Number(value) - Number(bound)) * direction > 0
}

/** Every key of labels that a demand mentions. */
export function keysOf({ labels, selectors }: NodeDemand): readonly string[] {
  const terms = selectors.flatMap(({ nodeSelectorTerms }) => nodeSelectorTerms)
  return [
    ...Object.keys(labels),
    ...terms.flatMap(({ matchExpressions = [] }) => matchExpressions.map(({ key }) => key)),
  ]
}
