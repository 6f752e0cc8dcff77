import type { FaultEffect } from '../../../src/simulator/faults.ts'
import type { Simulator } from '../../../src/simulator/simulator.ts'
import type { AwsTrouble, Reach } from './history.ts'

interface Rule {
  readonly effect: FaultEffect
  readonly reach: Reach
  skip: number
  count: number
}

/** AWS as the operator meets it: with troubles. People who use the console meet none. */
export interface TroubledAws extends Pick<Simulator, 'invoke'> {
  add(trouble: AwsTrouble, reach: { readonly reach: Reach; readonly skip: number; readonly count: number }): void
  /** No more troubles from now on. */
  end(): void
}

export function withAwsTroubles(simulator: Simulator): TroubledAws {
  let rules: Rule[] = []

  const next = (isRead: boolean): FaultEffect | undefined => {
    const rule = rules.find(({ reach }) => reach === 'any' || (reach === 'read') === isRead)
    if (rule === undefined) return undefined
    if (rule.skip > 0) {
      rule.skip -= 1
      return undefined
    }
    rule.count -= 1
    if (rule.count === 0) rules = rules.filter((other) => other !== rule)
    return rule.effect
  }

  return {
    invoke: async (call) => {
      const effect = next(READS.test(call.operation))
      if (effect === undefined) return simulator.invoke(call)
      const id = simulator.faults.add({ count: 1, effect })
      try {
        return await simulator.invoke(call)
      } finally {
        simulator.faults.remove(id)
      }
    },
    add: (trouble, { reach, skip, count }) => {
      if (trouble !== 'answers with the past') return void rules.push({ effect: EFFECTS[trouble], reach, skip, count })
      // What is stale stays so for a while: one odd answer among fresh ones is the exception.
      rules.push({ effect: EFFECTS[trouble], reach: 'read', skip, count: count * 4 })
    },
    end: () => {
      rules = []
    },
  }
}

/** Less than the time for which the operator mistrusts an absence after a write. */
const STALE_SECONDS = 10

const EFFECTS: Readonly<Record<AwsTrouble, FaultEffect>> = {
  throttle: { type: 'throttle' },
  unavailable: { type: 'unavailable' },
  denied: { type: 'denied' },
  'lost before effect': { type: 'lost', when: 'before-effect' },
  'lost after effect': { type: 'lost', when: 'after-effect' },
  'answers with the past': { type: 'stale-read', seconds: STALE_SECONDS },
}

const READS = /^(Describe|List|Get|BatchGet|Filter)/
