/** How long AWS's request limits make a number of writes last. */
export interface Duration {
  readonly seconds: number
  /** The class of operations that takes longest: `ecs:cluster-modify`; undefined: none is limited. */
  readonly slowest: string | undefined
}

interface Limit {
  readonly name: string
  readonly burst: number
  readonly perSecond: number
}

/** "Request throttling for the Amazon ECS API", ECS API reference: the classes of the writes that we make. */
const SERVICE: Limit = { name: 'ecs:service-modify', burst: 50, perSecond: 5 }
const TASK_DEFINITION: Limit = { name: 'ecs:task-definition-modify', burst: 20, perSecond: 1 }
const CLUSTER: Limit = { name: 'ecs:cluster-modify', burst: 20, perSecond: 1 }
const TAG: Limit = { name: 'ecs:tag-modify', burst: 20, perSecond: 10 }
const LIMITS: ReadonlyMap<string, Limit> = new Map([
  ['ecs:CreateService', SERVICE],
  ['ecs:UpdateService', SERVICE],
  ['ecs:DeleteService', SERVICE],
  ['ecs:RegisterTaskDefinition', TASK_DEFINITION],
  ['ecs:DeregisterTaskDefinition', TASK_DEFINITION],
  ['ecs:CreateCluster', CLUSTER],
  ['ecs:UpdateCluster', CLUSTER],
  ['ecs:PutClusterCapacityProviders', CLUSTER],
  ['ecs:DeleteCluster', CLUSTER],
  ['ecs:TagResource', TAG],
  ['ecs:UntagResource', TAG],
])

/** Neighbours use the same buckets: the operator takes this share of them. */
const SHARE = 0.6

/**
 * The least time that the request limits leave for these writes, by the number of each: classes go side by side, each
 * from a full bucket. AWS's own work, such as starting tasks, comes on top.
 */
export function durationOf(calls: ReadonlyMap<string, number>): Duration {
  const counts = new Map<Limit, number>()
  for (const [call, count] of calls) {
    const limit = LIMITS.get(call)
    if (limit !== undefined) counts.set(limit, (counts.get(limit) ?? 0) + count)
  }
  const durations = [...counts].map(([{ name, burst, perSecond }, count]): Duration => {
    return { seconds: Math.ceil(Math.max(0, count - burst * SHARE) / (perSecond * SHARE)), slowest: name }
  })
  return durations.reduce((longest, one) => (one.seconds > longest.seconds ? one : longest), {
    seconds: 0,
    slowest: undefined,
  })
}
