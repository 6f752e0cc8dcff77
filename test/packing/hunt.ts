import fc from 'fast-check'
import type { PackInput } from './documents.ts'
import { problems, tinyProblems } from './generate/problems.ts'
import { type Solver, type Verification, verify } from './verify.ts'

/** Which problems to hold a solver to: number N is the one of seed N, here and everywhere. */
export interface Hunt {
  readonly solve: Solver
  readonly from: number
  readonly count: number
}

/** A problem whose plan was wrong, made as small as it still is. */
export interface Finding {
  readonly seed: number
  readonly input: PackInput
  readonly verification: Verification
}

/** What a hunt has seen. */
export interface Catch {
  readonly findings: readonly Finding[]
  readonly pods: number
  readonly unschedulable: number
  /** Cost ÷ cheapest of the tiny problems where that is known, ascending. */
  readonly gaps: readonly number[]
  /** Cost ÷ first fit of those problems of which both leave the same pods, ascending. */
  readonly toFirstFit: readonly number[]
}

/** Every third problem is tiny, so that its cost can be compared with the cheapest. */
const TINY_EVERY = 3
/** Shrinking one finding may take no longer. */
const SHRINK_MS = 20_000

export function hunt({ solve, from, count }: Hunt, onFinding: (finding: Finding) => void = () => undefined): Catch {
  const findings: Finding[] = []
  const gaps: number[] = []
  const toFirstFit: number[] = []
  let pods = 0
  let unschedulable = 0
  for (let seed = from; seed < from + count; seed += 1) {
    const input = problemOfSeed(seed)
    const { violations, output, costs } = verify(input, solve)
    pods += input.pods.filter(({ spec }) => spec.nodeName === undefined).length
    unschedulable += output?.unschedulable.length ?? 0
    gaps.push(...listed(costs?.gap))
    toFirstFit.push(...listed(costs?.toFirstFit))
    if (violations.length === 0) continue
    const finding = shrunk(seed, solve)
    findings.push(finding)
    onFinding(finding)
  }
  return { findings, pods, unschedulable, gaps: gaps.toSorted(ascending), toFirstFit: toFirstFit.toSorted(ascending) }
}

function listed(value: number | undefined): readonly number[] {
  return value === undefined ? [] : [value]
}

function ascending(one: number, other: number): number {
  return one - other
}

function arbitraryOf(seed: number): fc.Arbitrary<PackInput> {
  return seed % TINY_EVERY === 0 ? tinyProblems : problems
}

function problemOfSeed(seed: number): PackInput {
  const [input] = fc.sample(arbitraryOf(seed), { seed, numRuns: 1 })
  if (!input) throw new Error(`no problem of seed ${seed}`)
  return input
}

/** The smallest problem near that of the seed whose plan is wrong in one of the same ways. */
function shrunk(seed: number, solve: Solver): Finding {
  const before = verify(problemOfSeed(seed), solve)
  const rules = new Set(before.violations.map(({ rule }) => rule))
  const isRight = (input: PackInput) => !verify(input, solve).violations.some(({ rule }) => rules.has(rule))
  const details = fc.check(fc.property(arbitraryOf(seed), isRight), {
    seed,
    numRuns: 1,
    interruptAfterTimeLimit: SHRINK_MS,
    markInterruptAsFailure: false,
  })
  const [input = problemOfSeed(seed)] = details.counterexample ?? []
  return { seed, input, verification: verify(input, solve) }
}
