import type { HandClock } from '../../support/hand-clock.ts'
import { startLife, type Life, type Outside } from './life.ts'

/** The processes of the operator: one leads, others may not know yet that they do not. */
export interface Replicas {
  /** The one that leads, or led last. */
  leader(): Life
  /** It dies, so many halves of calls from now, and another one starts. */
  crash(afterCalls: number): void
  /** Its lease runs out; another one leads soon after, and the first lives on for so long. */
  handOver(seconds: number): void
  /** It ends at once and another one starts. */
  restart(): void
}

/** How long before a lease ends its holder stops to write. */
const MARGIN_SECONDS = 5
const RESTART_SECONDS = 1

export function startReplicas(outside: Outside, clock: HandClock): Replicas {
  const begin = (): Life => {
    const life: Life = startLife(outside, () => {
      // Who leads no more is nobody's loss.
      clock.schedule(RESTART_SECONDS, () => {
        if (leader === life && !isEnding) leader = begin()
      })
    })
    return life
  }
  let leader = begin()
  let isEnding = false

  const restart = (): void => {
    leader.die()
    leader = begin()
    isEnding = false
  }
  return {
    leader: () => leader,
    crash: (afterCalls) => leader.dieAfter(afterCalls),
    handOver: (seconds) => {
      if (isEnding) return
      const old = leader
      isEnding = true
      old.fence()
      clock.schedule(MARGIN_SECONDS + seconds, () => old.die())
      clock.schedule(MARGIN_SECONDS, () => {
        if (leader !== old) return
        isEnding = false
        // What the old one has under way is cut off when another one leads.
        outside.aws.hangUp()
        leader = begin()
      })
    },
    restart,
  }
}
