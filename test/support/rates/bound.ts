import { THROTTLE_CLASSES, type ThrottleClass } from '../../../src/simulator/throttle-classes.ts'

/** How many calls of each operation are needed: `ecs:CreateService`. */
export type Calls = Readonly<Record<string, number>>

/** What the published rates allow at best. */
export interface Bound {
  readonly seconds: number
  /** The class that takes longest. */
  readonly slowest: string
  /** How the seconds come about: `(1000 − 20) ÷ 1/s`. */
  readonly arithmetic: string
}

/**
 * The least time in which AWS accepts so many calls, from full buckets: of each class what its bucket does not hold comes
 * at its sustained rate, and all classes run at the same time. The rates are the simulator's, from the pages that it cites.
 */
export function boundOf(calls: Calls): Bound {
  const bounds = Object.entries(THROTTLE_CLASSES).flatMap(([service, classes]) =>
    classes.map((limit) => boundOfClass(service, limit, calls)),
  )
  return bounds.reduce((slowest, bound) => (bound.seconds > slowest.seconds ? bound : slowest))
}

function boundOfClass(service: string, { name, burst, perSecond, operations }: ThrottleClass, calls: Calls): Bound {
  const needed = operations.reduce((sum, operation) => sum + (calls[`${service}:${operation}`] ?? 0), 0)
  return {
    seconds: Math.max(0, (needed - burst) / perSecond),
    slowest: `${service} ${name}`,
    arithmetic: `(${needed} − ${burst}) ÷ ${perSecond}/s`,
  }
}
