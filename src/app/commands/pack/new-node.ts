import { quantityText, type Amounts } from '../../../core/quantity.ts'
import type { PlannedNode } from '../../../core/scheduling/problem.ts'
import type { PodNames } from './pod-names.ts'

/** A planned node as documents show it. */
export interface NewNode {
  readonly name: string
  readonly nodePool: string
  readonly instanceType: string
  readonly zone: string
  readonly capacityType: string
  readonly priceUsdPerHour: number
  readonly pods: readonly string[]
  readonly daemonPods: readonly string[]
  readonly requests: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

export function newNode(node: PlannedNode, namesOf: PodNames): NewNode {
  const { name, nodePool, instanceType, zone, capacityType, priceUsdPerHour, daemonPods, labels } = node
  const pods = namesOf(node.pods)
  const requests = quantitiesFrom(node.requests)
  return { name, nodePool, instanceType, zone, capacityType, priceUsdPerHour, pods, daemonPods, requests, labels }
}

function quantitiesFrom(amounts: Amounts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(amounts).map(([resource, amount]) => [resource, quantityText(resource, amount)]),
  )
}

/** Sums of prices without what binary fractions add to them: a millionth of a dollar is the finest that AWS charges. */
export function dollars(amount: number): number {
  return Number(amount.toFixed(6))
}
