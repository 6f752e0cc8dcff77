import type { Reach } from './step.ts'

/** Which calls meet a trouble: after the next `skip`, so many. */
export interface Extent {
  readonly reach: Reach
  readonly skip: number
  readonly count: number
}

/** Troubles that wait for calls to meet, as a history orders them. */
export interface TroublePlan<Trouble> {
  add(trouble: Trouble, extent: Extent): void
  /** What the next call of this kind meets. */
  next(reach: 'read' | 'write'): Trouble | undefined
  clear(): void
}

export function createTroublePlan<Trouble>(): TroublePlan<Trouble> {
  let rules: { readonly trouble: Trouble; readonly reach: Reach; skip: number; count: number }[] = []
  return {
    add: (trouble, extent) => void rules.push({ trouble, ...extent }),
    next: (reach) => {
      const rule = rules.find((candidate) => candidate.reach === 'any' || candidate.reach === reach)
      if (rule === undefined) return undefined
      if (rule.skip > 0) {
        rule.skip -= 1
        return undefined
      }
      rule.count -= 1
      if (rule.count === 0) rules = rules.filter((other) => other !== rule)
      return rule.trouble
    },
    clear: () => void (rules = []),
  }
}
