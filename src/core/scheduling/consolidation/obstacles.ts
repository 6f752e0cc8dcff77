import type { Node, Pod } from '../kubernetes.ts'
import type { PodBudgetBook } from './pod-budgets.ts'
import type { RunningNode } from './running-nodes.ts'

export interface ObstacleFacts {
  readonly pods: readonly Pod[]
  readonly budgets: PodBudgetBook
  readonly barePods: 'stay' | 'move'
  /** Nodes that are to take pods which wait. */
  readonly awaited: ReadonlySet<string>
}

/** Why a node must stay, in one sentence; undefined: it may go. */
export function obstacleTo(running: RunningNode, facts: ObstacleFacts): string | undefined {
  const { node, offer, movable } = running
  const reason =
    conditionOf(node) ??
    (typeof offer === 'string' ? offer : undefined) ??
    annotationOf(node.metadata.annotations) ??
    (facts.awaited.has(node.metadata.name) ? 'pods that wait for a node are to run on it' : undefined) ??
    podObstacle(movable, facts) ??
    facts.budgets.obstacle(movable)
  return reason === undefined ? undefined : `${node.metadata.name} stays: ${reason}`
}

/** What of its state keeps a node out of everything: it is neither taken away nor given pods. */
export function conditionOf({ metadata, spec = {}, status = {} }: Node): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return 'it is being deleted already'
  const ready = status.conditions?.find(({ type }) => type === 'Ready')
  if (ready !== undefined && ready.status !== 'True') return 'it is not Ready'
  return spec.unschedulable === true ? 'it is cordoned (spec.unschedulable)' : undefined
}

const DO_NOT_DISRUPT = ['longshore.dev/do-not-disrupt', 'karpenter.sh/do-not-disrupt'] as const

/** `true`, or a duration since the pod began, which nothing here can tell the end of. */
function annotationOf(annotations: Readonly<Record<string, string>> | undefined): string | undefined {
  const key = DO_NOT_DISRUPT.find((name) => /^(true$|\d)/.test(annotations?.[name] ?? ''))
  return key === undefined ? undefined : `it has the annotation ${key}: "${annotations?.[key]}"`
}

function podObstacle(movable: readonly number[], { pods, barePods }: ObstacleFacts): string | undefined {
  for (const index of movable) {
    const pod = pods[index]
    if (pod === undefined) continue
    const { namespace = 'default', name, annotations } = pod.metadata
    const protection = annotationOf(annotations)
    if (protection !== undefined) return `pod ${namespace}/${name} may not be disrupted: ${protection}`
    if (barePods === 'stay' && !isControlled(pod)) {
      return `pod ${namespace}/${name} has no controller, so that nothing would make it again`
    }
  }
  return undefined
}

/** A list that does not say which owner is the controller has but one. */
function isControlled({ metadata: { ownerReferences = [] } }: Pod): boolean {
  return ownerReferences.some(({ controller = true }) => controller)
}
