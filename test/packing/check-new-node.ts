import type { NewNode } from './documents.ts'
import type { PlanState, PlannedNode } from './plan-state.ts'
import { type Amounts, amountsFrom, isSameAmount, sumOf } from './rules/amounts.ts'
import type { Load } from './rules/load.ts'
import { unmetMinValues } from './rules/min-values.ts'
import { allowsValue, unmetRequirements } from './rules/pools.ts'
import { type Violation, violation } from './violation.ts'

/** Prices and totals are sums of decimals in binary; this share of them is no difference. */
const ROUNDING = 1e-6

export function isSamePrice(one: number, other: number): boolean {
  return Math.abs(one - other) <= ROUNDING * Math.max(1, Math.abs(one), Math.abs(other))
}

/** Whether a new node is one that its pool and type can have, and is as the plan says it is. */
export function checkNewNode(node: NewNode, state: PlanState): readonly Violation[] {
  const planned = state.planned.get(node.name)
  const names = [...state.problem.running.keys(), ...state.output.newNodes.map(({ name }) => name)]
  const isNameTaken = names.filter((name) => name === node.name).length > 1
  const taken = isNameTaken ? [violation('node', node.name, 'another node has that name')] : []
  if (!planned) return [...taken, violation('node', node.name, `no pool ${node.nodePool} or type ${node.instanceType}`)]
  return [
    ...taken,
    ...checkOffering(planned),
    ...checkRequirements(planned),
    ...checkLabels(planned),
    ...checkDaemons(planned),
    ...checkRequests(planned, state),
    ...checkMinValues(planned, state),
  ]
}

function checkOffering({ node, recipe: { type } }: PlannedNode): readonly Violation[] {
  const { zone, capacityType, priceUsdPerHour, name } = node
  const offered = type.offerings.filter((offering) => offering.zone === zone && offering.capacityType === capacityType)
  if (offered.length === 0)
    return [violation('node', name, `${type.name} is not offered as ${capacityType} in ${zone}`)]
  const available = offered.filter((offering) => offering.available)
  if (available.length === 0) return [violation('node', name, `${type.name} is sold out as ${capacityType} in ${zone}`)]
  const isPriced = available.some((offering) => isSamePrice(offering.priceUsdPerHour, priceUsdPerHour))
  return isPriced ? [] : [violation('node', name, `does not cost ${priceUsdPerHour}`)]
}

function checkRequirements({ recipe, host }: PlannedNode): readonly Violation[] {
  return unmetRequirements(recipe.pool, host.labels).map(({ key, operator }) =>
    violation('node', host.name, `does not meet the requirement ${key} ${operator} of its pool`),
  )
}

/** The plan may only settle what the pool leaves open. */
function checkLabels({ node, recipe: { pool } }: PlannedNode): readonly Violation[] {
  return Object.entries(node.labels).flatMap(([key, value]) =>
    pool.customKeys.includes(key) && allowsValue(pool, key, value)
      ? []
      : [violation('statement', node.name, `label ${key}=${value} is not for the plan to settle`)],
  )
}

function checkDaemons({ node, host }: PlannedNode): readonly Violation[] {
  const expected = host.daemons.map(({ name }) => name).toSorted()
  const stated = node.daemonPods.toSorted()
  if (JSON.stringify(expected) === JSON.stringify(stated)) return []
  return [violation('statement', node.name, `daemons would be [${expected.join()}], not [${stated.join()}]`)]
}

/** With or without daemons: formats.md does not say which. */
function checkRequests({ node, host }: PlannedNode, { world }: PlanState): readonly Violation[] {
  const stated = amountsFrom(node.requests)
  const pods = requestsOfAll(world.loadsOn(host))
  const everyone = sumOf([pods, requestsOfAll(host.daemons)])
  if (isSameAmount(stated, pods) || isSameAmount(stated, everyone)) return []
  return [violation('statement', node.name, `requests are ${textOf(everyone)} with daemons, not ${textOf(stated)}`)]
}

function requestsOfAll(loads: readonly Load[]): Amounts {
  return sumOf(loads.map(({ requests }) => requests))
}

function textOf(amounts: Amounts): string {
  return [...amounts].map(([name, amount]) => `${name}=${amount}`).join(' ')
}

function checkMinValues({ recipe, host }: PlannedNode, { world, problem }: PlanState): readonly Violation[] {
  const crew = { name: host.name, recipe, loads: world.loadsOn(host) }
  return unmetMinValues(crew, problem, 'lenient').map((detail) => violation('min-values', host.name, detail))
}
