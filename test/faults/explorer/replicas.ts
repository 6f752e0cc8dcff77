import type { HandClock } from '../../support/hand-clock.ts'
import { startLife, type Life, type Outside } from './life.ts'

/** The processes of the operator: one leads, others may not know yet that they do not. */
export interface Replicas {
  /** The one that leads, or led last. */
  leader(): Life
  /** It dies, so many halves of calls from now, and another one starts. */
  crash(afterCalls: number): void
  /** One more waits to lead; it does when the leader dies or its lease runs out. */
  standBy(isDeaf: boolean): void
  /** Its lease runs out; another one leads soon after, and the first lives on for so long. */
  handOver(seconds: number): void
  /** It ends at once and another one starts. */
  restart(): void
}

/** How long before a lease ends its holder stops to write. */
const MARGIN_SECONDS = 5
const RESTART_SECONDS = 1
/** How long the lease of a leader that died still holds. */
const LEASE_SECONDS = 15

export function startReplicas(outside: Outside, clock: HandClock): Replicas {
  let waiting: Life | undefined
  let isEnding = false

  const begin = (isDeaf = false): Life => {
    const life: Life = startLife(outside, { isDeaf, onDeath: () => replace(life) })
    return life
  }
  /** Somebody leads again: who stands by, or who begins anew. */
  const lead = (): Life => {
    const next = waiting ?? begin()
    waiting = undefined
    next.lead()
    return next
  }
  const replace = (life: Life): void => {
    clock.schedule(waiting === undefined ? RESTART_SECONDS : LEASE_SECONDS, () => {
      // Who leads no more is nobody's loss.
      if (leader === life && !isEnding) leader = lead()
    })
  }
  let leader = lead()

  return {
    leader: () => leader,
    crash: (afterCalls) => leader.dieAfter(afterCalls),
    standBy: (isDeaf) => void (waiting ??= begin(isDeaf)),
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
        leader = lead()
      })
    },
    restart: () => {
      leader.die()
      waiting?.die()
      waiting = undefined
      leader = lead()
      isEnding = false
    },
  }
}
