import type { FaultEffect } from '../../../src/simulator/faults.ts'
import type { DirectCall, Simulator } from '../../../src/simulator/simulator.ts'
import type { HandClock } from '../../support/hand-clock.ts'
import type { AwsTrouble, Reach } from './step.ts'

interface Rule {
  readonly trouble: AwsTrouble
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

export function withAwsTroubles(simulator: Simulator, clock: HandClock): TroubledAws {
  let rules: Rule[] = []

  const next = (isRead: boolean): AwsTrouble | undefined => {
    const rule = rules.find(({ reach }) => reach === 'any' || (reach === 'read') === isRead)
    if (rule === undefined) return undefined
    if (rule.skip > 0) {
      rule.skip -= 1
      return undefined
    }
    rule.count -= 1
    if (rule.count === 0) rules = rules.filter((other) => other !== rule)
    return rule.trouble
  }

  const invokeWith = async (call: DirectCall, effect: FaultEffect): ReturnType<Simulator['invoke']> => {
    const id = simulator.faults.add({ count: 1, effect })
    try {
      return await simulator.invoke(call)
    } finally {
      simulator.faults.remove(id)
    }
  }

  return {
    invoke: (call) => {
      const trouble = next(READS.test(call.operation))
      if (trouble === undefined) return simulator.invoke(call)
      const lateSeconds = LATE_SECONDS[trouble]
      if (lateSeconds === undefined || !CREATES.test(call.operation)) return invokeWith(call, EFFECTS[trouble])
      // Only a late create is anybody's business: a late change to what is another's by then could not be helped.
      const late = clock.sleep(lateSeconds, never).then(() => simulator.invoke(call))
      return trouble === 'lost and late' ? invokeWith(call, EFFECTS[trouble]) : late
    },
    add: (trouble, { reach, skip, count }) => {
      if (trouble !== 'answers with the past') return void rules.push({ trouble, reach, skip, count })
      // What is stale stays so for a while: one odd answer among fresh ones is the exception.
      rules.push({ trouble, reach: 'read', skip, count: count * 4 })
    },
    end: () => {
      rules = []
    },
  }
}

/** Less than the time for which the operator mistrusts an absence after a write. */
const STALE_SECONDS = 10
/** When creates take effect: after their answer was lost, just before the operator gives up, and after that. */
const LATE_SECONDS: Readonly<Partial<Record<AwsTrouble, number>>> = { 'lost and late': 8, slow: 28, 'too slow': 40 }
const never = new AbortController().signal

const EFFECTS: Readonly<Record<AwsTrouble, FaultEffect>> = {
  throttle: { type: 'throttle' },
  unavailable: { type: 'unavailable' },
  denied: { type: 'denied' },
  'lost before effect': { type: 'lost', when: 'before-effect' },
  'lost after effect': { type: 'lost', when: 'after-effect' },
  'lost and late': { type: 'lost', when: 'before-effect' },
  slow: { type: 'delay', seconds: 28 },
  'too slow': { type: 'delay', seconds: 40 },
  'answers with the past': { type: 'stale-read', seconds: STALE_SECONDS },
}

const READS = /^(Describe|List|Get|BatchGet|Filter)/
const CREATES = /^(Create|Register)/
