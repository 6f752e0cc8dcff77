import { throttlingClassOf, type ThrottlingClass } from '../../../aws/throttling-classes.ts'

/** How long AWS's request limits make a number of writes last. */
export interface Duration {
  readonly seconds: number
  /** The class of operations that takes longest: `ecs:cluster-modify`; undefined: none is limited. */
  readonly slowest: string | undefined
}

/** Neighbours use the same buckets: the operator takes this share of them. */
const SHARE = 0.6

/**
 * The least time that the request limits leave for these writes, by the number of each: classes go side by side, each
 * from a full bucket. AWS's own work, such as starting tasks, comes on top.
 */
export function durationOf(calls: ReadonlyMap<string, number>): Duration {
  const limited = [...calls].flatMap(([call, count]) => {
    const [service = '', operation = ''] = call.split(':')
    const limit = throttlingClassOf(service, operation)
    return limit === undefined ? [] : [{ limit, count, name: `${service}:${limit.name}` }]
  })
  const durations = [...Map.groupBy(limited, ({ name }) => name)].map(([slowest, group]): Duration => {
    const count = group.reduce((sum, one) => sum + one.count, 0)
    return { seconds: Math.max(0, ...group.map(({ limit }) => secondsFor(limit, count))), slowest }
  })
  return durations.reduce((longest, one) => (one.seconds > longest.seconds ? one : longest), {
    seconds: 0,
    slowest: undefined,
  })
}

function secondsFor({ burst, perSecond }: ThrottlingClass, count: number): number {
  return Math.ceil(Math.max(0, count - burst * SHARE) / (perSecond * SHARE))
}
