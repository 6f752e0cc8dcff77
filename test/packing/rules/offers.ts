import type { Expression, Labels, Offering, SpreadConstraint } from '../documents.ts'
import { shortOf, sumOf } from './amounts.ts'
import { type Claim, type Reading, claimComplaints } from './claims.ts'
import { type Host, isSelected, standingComplaints } from './host.ts'
import { portsClash } from './host-ports.ts'
import { valueOf } from './label-query.ts'
import type { Load } from './load.ts'
import { type Pool, type Recipe, allowsValue, labelsOfNew, singleValue, unmetRequirements } from './pools.ts'
import { type Problem, plannedHost } from './problem.ts'
import { untolerated } from './tolerations.ts'

/** A recipe with the offering's price. */
export interface PricedRecipe extends Recipe {
  readonly offering: Offering
}

/** A name that no plan has, for nodes that are only thought of. */
const IMAGINED = 'imagined-node'

const known = new WeakMap<Problem, readonly PricedRecipe[]>()

/** Every type of every pool in every offering that the pool's requirements allow, sold out or not; open keys left open. */
export function recipesOf(problem: Problem): readonly PricedRecipe[] {
  const before = known.get(problem)
  if (before) return before
  const recipes = problem.pools.flatMap((pool) => poolRecipes(pool, problem))
  known.set(problem, recipes)
  return recipes
}

function poolRecipes(pool: Pool, { types }: Problem): readonly PricedRecipe[] {
  return [...types.values()].flatMap((type) =>
    type.offerings
      .map((offering) => ({ pool, type, offering, chosen: {} }))
      .filter((recipe) => unmetRequirements(pool, labelsOfNew(recipe, IMAGINED)).length === 0),
  )
}

export function isAvailable({ offering }: PricedRecipe): boolean {
  return offering.available
}

/**
 * Ways to settle the pool's open keys so that they may suit pods: each left open, or a value that the selectors or required
 * affinities of the pods and the pool's own demands lead to.
 */
function choicesFor(pool: Pool, loads: readonly Load[]): readonly Labels[] {
  return pool.customKeys.reduce<readonly Labels[]>(
    (choices, key) => {
      const demands = loads.flatMap((load) => demandsOn(key, load))
      const own = demands.length === 0 ? [] : pool.requirements.filter((requirement) => requirement.key === key)
      const wanted = new Set([...demands, ...own].flatMap(valuesNear))
      const values = [...wanted].filter((value) => allowsValue(pool, key, value))
      return choices.flatMap((choice) => [choice, ...values.map((value) => ({ ...choice, [key]: value }))])
    },
    [{}],
  )
}

/** What a pod demands of a label of its node. */
function demandsOn(key: string, { spec }: Load): readonly Expression[] {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  const demands = terms.flatMap(({ matchExpressions = [] }) => matchExpressions.filter((line) => line.key === key))
  const selected = valueOf(spec.nodeSelector ?? {}, key)
  return selected === undefined ? demands : [...demands, { key, operator: 'In', values: [selected] }]
}

/** What nobody names. */
const SOME_VALUE = 'some-value'

/** Values that a demand names, or that lie next to its bound; where any will do, one that nobody else asks for. */
function valuesNear({ operator, values: named = [] }: Expression): readonly string[] {
  const [first = '0'] = named
  if (operator === 'In') return named
  if (operator === 'Gt') return [String(Number(first) + 1)]
  if (operator === 'Lt') return [String(Number(first) - 1)]
  return operator === 'DoesNotExist' ? [] : [SOME_VALUE]
}

/**
 * Whether a pod asks something of a key that the pool wants on its nodes and the plan has left open. A node without it would
 * satisfy `DoesNotExist` and `NotIn`; but Karpenter ("Scheduling", Exists operator) gives such a node some value, so that it
 * does not certainly do so.
 */
export function asksOfOpenKey(load: Load, { pool, chosen }: Recipe): boolean {
  return pool.customKeys.some((key) => {
    const isLeftOpen = valueOf(chosen, key) === undefined && !allowsValue(pool, key, undefined)
    return isLeftOpen && singleValue(pool, key) === undefined && demandsOn(key, load).length > 0
  })
}

/**
 * Recipes, with open keys settled, on which nothing but the cluster's state could keep a pod from running alone. `company`:
 * who else may come to such a node, so that its open keys may be settled for them.
 */
export function standingRecipes(
  load: Load,
  problem: Problem,
  reading: Reading = 'strict',
  company: readonly Load[] = [],
): readonly PricedRecipe[] {
  return recipesOf(problem)
    .filter(isAvailable)
    .flatMap((recipe) =>
      choicesFor(recipe.pool, [load, ...company])
        .map((chosen) => ({ ...recipe, chosen }))
        .filter((settled) => reading === 'lenient' || !asksOfOpenKey(load, settled))
        .filter((settled) => holdsAlone(load, plannedHost(settled, IMAGINED, problem), problem.claims(load), reading)),
    )
}

/** A pod, the daemons and nobody else. */
function holdsAlone(load: Load, host: Host, claims: readonly Claim[], reading: Reading): boolean {
  const everyone = sumOf([load, ...host.daemons].map(({ requests }) => requests))
  return (
    standingComplaints(load, host).length === 0 &&
    claimComplaints(claims, host, reading).length === 0 &&
    shortOf(everyone, host.allocatable, everyone).length === 0 &&
    !host.daemons.some(({ ports }) => portsClash(ports, load.ports))
  )
}

/** How much counts as offered: what certainly is, or what any reading could take for it. */
export type Certainty = 'sure' | 'possible'

/** The values of a topology key that new nodes for a pod could have. */
export function offeredValues(
  load: Load,
  constraint: SpreadConstraint,
  problem: Problem,
  certainty: Certainty,
): ReadonlySet<string> {
  const recipes = certainty === 'sure' ? sureRecipes(load, problem) : possibleRecipes(load, constraint, problem)
  const values = recipes.map((recipe) => valueOf(labelsOfNew(recipe, IMAGINED), constraint.topologyKey))
  return new Set(values.filter((value) => value !== undefined))
}

/** A pool's limit may be used up, so that only pools without one certainly offer anything. */
function sureRecipes(load: Load, problem: Problem): readonly PricedRecipe[] {
  return standingRecipes(load, problem).filter(({ pool }) => pool.limits.size === 0)
}

/** The policies say whether a pod's selectors and tolerations narrow the domains down; room and stock do not. */
function possibleRecipes(load: Load, constraint: SpreadConstraint, problem: Problem): readonly PricedRecipe[] {
  return recipesOf(problem).flatMap((recipe) =>
    choicesFor(recipe.pool, [load])
      .map((chosen) => ({ ...recipe, chosen }))
      .filter((settled) => isIncluded(load, constraint, plannedHost(settled, IMAGINED, problem))),
  )
}

/** "Pod Topology Spread Constraints": nodeAffinityPolicy is Honor unless said, nodeTaintsPolicy is Ignore. */
export function isIncluded(load: Load, constraint: SpreadConstraint, host: Host): boolean {
  const selects = constraint.nodeAffinityPolicy === 'Ignore' || isSelected(load, host)
  const admits = constraint.nodeTaintsPolicy !== 'Honor' || untolerated(host.taints, load.spec.tolerations).length === 0
  return selects && admits
}
