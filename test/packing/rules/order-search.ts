import { type Arrivals, type Group, groupsOf, isPicky, topologyWith } from './arrivals.ts'
import type { Placement } from './tally.ts'

/** A search gives up after so many steps; then nobody is blamed, and nothing is built on it. */
const MOST_STEPS = 4_000

/** Whether the scheduler takes everybody in some order. Pods that do not look at each other are tried apart. */
export function isOrderFound({ placements, problem, reading }: Arrivals): boolean {
  return familiesOf({ placements, problem, reading }).every((family) =>
    isOrderAmong({ placements: family, problem, reading }),
  )
}

/** Picky pods with those whom they look at, at any remove. Whom nobody looks at is in no family. */
function familiesOf({ placements, problem }: Arrivals): readonly (readonly Placement[])[] {
  const topology = topologyWith(problem)
  const families: Set<Placement>[] = []
  for (const placement of placements.filter(isPicky)) {
    const looksAt = topology.looksAt(placement.load)
    const family = new Set([placement, ...placements.filter(({ load }) => looksAt(load))])
    for (const met of families.filter((other) => !other.isDisjointFrom(family))) {
      for (const member of met) family.add(member)
      families.splice(families.indexOf(met), 1)
    }
    families.push(family)
  }
  return families.map((family) => [...family])
}

function isOrderAmong({ placements, problem, reading }: Arrivals): boolean {
  const topology = topologyWith(problem)
  const groups = groupsOf(placements)
  const deadEnds = new Set<string>()
  let steps = 0

  function search(): boolean {
    if (groups.every((group) => !group.isPicky || group.waiting.length === 0)) return true
    const state = groups.map(({ waiting }) => waiting.length).join()
    if (deadEnds.has(state)) return false
    steps += 1
    if (steps > MOST_STEPS) return reading === 'lenient'
    if (groups.some((group) => succeedsWith(group))) return true
    deadEnds.add(state)
    return false
  }

  function succeedsWith(group: Group): boolean {
    const next = group.waiting.at(-1)
    if (!next || (group.isPicky && topology.arrivalComplaints(next, reading).length > 0)) return false
    topology.add(next)
    group.waiting.pop()
    if (search()) return true
    group.waiting.push(next)
    topology.remove(next)
    return false
  }

  return search()
}
