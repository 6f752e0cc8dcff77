import type { FaultEffect } from '../../../src/simulator/faults.ts'
import type { DirectCall, Simulator } from '../../../src/simulator/simulator.ts'
import type { HandClock } from '../../support/hand-clock.ts'
import type { AwsTrouble } from './step.ts'
import { createTroublePlan, type Extent } from './trouble-plan.ts'

/** AWS as the operator meets it: with troubles. People who use the console meet none. */
export interface TroubledAws extends Pick<Simulator, 'invoke'> {
  add(trouble: AwsTrouble, extent: Extent): void
  /** A caller is gone: what it had begun and what has not taken effect yet does so now. */
  hangUp(): void
  /** No more troubles from now on. */
  end(): void
}

export function withAwsTroubles(simulator: Simulator, clock: HandClock): TroubledAws {
  const plan = createTroublePlan<AwsTrouble>()
  let gone = new AbortController()

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
      const trouble = plan.next(isRead(call.operation) ? 'read' : 'write')
      if (trouble === undefined) return simulator.invoke(call)
      const lateSeconds = lateSecondsOf(trouble, call.operation)
      if (lateSeconds === undefined) return invokeWith(call, EFFECTS[trouble])
      const late = clock
        .sleep(lateSeconds, gone.signal)
        .catch(() => undefined)
        .then(() => simulator.invoke(call))
      return trouble === 'lost and late' ? invokeWith(call, EFFECTS[trouble]) : late
    },
    add: (trouble, extent) => plan.add(trouble, extentOf(trouble, extent)),
    hangUp: () => {
      gone.abort()
      gone = new AbortController()
    },
    end: () => plan.clear(),
  }
}

export const STALE_SECONDS = 10
/**
 * When creates take effect: after their answer was lost, just before the operator gives up (after 30 s), and after that.
 * What comes late and is hidden by stale reads as well has to show before the operator trusts an absence again (15 s).
 */
const LATE_SECONDS: Readonly<Partial<Record<AwsTrouble, number>>> = { 'lost and late': 4, slow: 28, 'too slow': 34 }

/** What the simulator's fault plan makes of each. */
export const EFFECTS: Readonly<Record<AwsTrouble, FaultEffect>> = {
  throttle: { type: 'throttle' },
  unavailable: { type: 'unavailable' },
  denied: { type: 'denied' },
  'lost before effect': { type: 'lost', when: 'before-effect' },
  'lost after effect': { type: 'lost', when: 'after-effect' },
  'lost and late': { type: 'lost', when: 'before-effect' },
  slow: { type: 'delay', seconds: 28 },
  'too slow': { type: 'delay', seconds: 34 },
  'answers with the past': { type: 'stale-read', seconds: STALE_SECONDS },
  refused: { type: 'error', code: 'InvalidParameterException' },
}

const READS = /^(Describe|List|Get|BatchGet|Filter)/
const CREATES = /^(Create|Register)/

export function isRead(operation: string): boolean {
  return READS.test(operation)
}

/** What is stale stays so for a while: one odd answer among fresh ones is the exception. */
export function extentOf(trouble: AwsTrouble, extent: Extent): Extent {
  if (trouble === 'refused') return { ...extent, reach: 'write' }
  return trouble === 'answers with the past' ? { ...extent, reach: 'read', count: extent.count * 4 } : extent
}

/** When a call takes effect, if later than it should. */
export function lateSecondsOf(trouble: AwsTrouble, operation: string): number | undefined {
  // Only a late create is anybody's business: a late change to what is another's by then could not be helped.
  return CREATES.test(operation) ? LATE_SECONDS[trouble] : undefined
}
