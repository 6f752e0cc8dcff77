import type { CatalogueName } from './catalogues.ts'
import { MIXES } from './mixes.ts'

/** A problem of a benchmark. */
export interface Case {
  readonly mix: string
  readonly pods: number
  readonly catalogue: CatalogueName
  readonly ignorePreferences?: boolean
  /** Whether first fit plans it as well, for comparison. */
  readonly withFirstFit?: boolean
  /** How often it is decided once more in the same process, whose code is compiled by then. */
  readonly repeats?: number
}

export interface TimedCase extends Case {
  readonly title: string
  readonly goal: string
}

/** GPUs and Arm are only among the types of general catalogues. */
const WIDE: ReadonlySet<string> = new Set(['gpu', 'mixed-architectures'])

/** The catalogues that a mix is planned with: all sizes, and small ones only. */
export function cataloguesFor(mix: string): readonly [CatalogueName, CatalogueName] {
  return WIDE.has(mix) ? ['general', 'general-32'] : ['cmr', 'cmr-32']
}

const SIZES = [20, 200, 2000] as const
/** The plain first fit of the checker takes minutes for more. */
const MOST_FOR_FIRST_FIT = 200

/** Every mix, at three sizes, with two catalogues. */
export function costCases(): readonly Case[] {
  return SIZES.flatMap((pods) =>
    Object.keys(MIXES).flatMap((mix) =>
      cataloguesFor(mix).map((catalogue) => ({ mix, pods, catalogue, withFirstFit: pods <= MOST_FOR_FIRST_FIT })),
    ),
  )
}

const REPEATS = 5

/** The problems whose time has a goal. */
export function timeCases(): readonly TimedCase[] {
  const karpenter = (pods: number, goal: string): TimedCase => ({
    title: `Karpenter's mix, ${pods} pods`,
    mix: 'karpenter-diverse',
    pods,
    catalogue: 'karpenter',
    repeats: REPEATS,
    goal,
  })
  const many = (shapes: number, goal: string): TimedCase => ({
    title: `50,000 pods of ${shapes} shapes`,
    mix: `shapes-${shapes}`,
    pods: 50_000,
    catalogue: 'cmr',
    repeats: REPEATS,
    goal,
  })
  const preferring = (ignorePreferences: boolean): TimedCase => ({
    title: `4,000 with preferences, ${ignorePreferences ? 'ignored' : 'respected'}`,
    mix: 'karpenter-preferences',
    pods: 4000,
    catalogue: 'karpenter',
    ignorePreferences,
    repeats: REPEATS,
    goal: '',
  })
  return [
    karpenter(1000, ''),
    karpenter(5000, '≥ 20,000 pods/s'),
    karpenter(20_000, '≥ 10,000 pods/s'),
    preferring(false),
    preferring(true),
    many(30, '≤ 1 s'),
    many(500, '≤ 1 s'),
    many(2000, '≤ 3 s'),
  ]
}
