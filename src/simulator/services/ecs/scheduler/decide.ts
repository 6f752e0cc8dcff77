import type { Band } from './band.ts'

/** `waiting`: not yet known to be healthy, be it that it still starts or that the verdict is outstanding. */
export type Verdict = 'healthy' | 'unhealthy' | 'waiting'

export interface TaskView {
  readonly id: string
  readonly isPrimary: boolean
  readonly isRunning: boolean
  readonly verdict: Verdict
}

export interface ServiceView {
  readonly desired: number
  readonly band: Band
  /** Tasks that shall run; those that are being stopped count no more. */
  readonly tasks: readonly TaskView[]
  /** How many starts are allowed now, by rate and back-off. */
  readonly startLimit: number
  /** The primary deployment has failed and nothing could be rolled back to. */
  readonly isStalled: boolean
}

export interface Stop {
  readonly id: string
  readonly why: 'surplus' | 'unhealthy'
}

export interface Decision {
  readonly starts: number
  readonly stops: readonly Stop[]
  /** Neither a start nor a stop is possible within the band, now or later. */
  readonly isBlocked: boolean
}

const isHealthy = ({ verdict }: TaskView): boolean => verdict === 'healthy'
const isUnhealthy = ({ verdict }: TaskView): boolean => verdict === 'unhealthy'
const surplus = ({ id }: TaskView): Stop => ({ id, why: 'surplus' })

/** Those that serve least go first: unhealthy, starting, running, healthy. */
function leastUsefulFirst(tasks: readonly TaskView[]): TaskView[] {
  const rank = (task: TaskView): number => {
    if (isUnhealthy(task)) return 0
    if (!task.isRunning) return 1
    return isHealthy(task) ? 3 : 2
  }
  return tasks.toSorted((left, right) => rank(left) - rank(right))
}

/** As many of the candidates as can go while `spare` healthy tasks are not needed; what is not healthy costs nothing. */
function affordable(candidates: readonly TaskView[], spare: number): TaskView[] {
  let left = spare
  return candidates.filter((task) => {
    if (!isHealthy(task)) return true
    left -= 1
    return left >= 0
  })
}

/** Tasks of older deployments: what does not serve goes at once, the rest as soon as the minimum is met without it. */
function oldStops(old: readonly TaskView[], spare: number): TaskView[] {
  const idle = old.filter((task) => isUnhealthy(task) || !task.isRunning)
  const serving = old.filter((task) => !idle.includes(task))
  return [...idle, ...(spare >= 0 ? affordable(leastUsefulFirst(serving), spare) : [])]
}

/** Replacement first, as far as the maximum allows; else unhealthy tasks go one by one to make room. */
function unhealthyStops(primary: readonly TaskView[], desired: number, room: number): TaskView[] {
  const unhealthy = primary.filter(isUnhealthy)
  if (primary.filter(isHealthy).length >= desired) return unhealthy
  const isMissing = primary.length - unhealthy.length < desired
  return isMissing && room <= 0 ? unhealthy.slice(0, 1) : []
}

function decideStalled({ tasks, band }: ServiceView): Decision {
  const excess = Math.max(0, tasks.length - band.upper)
  return { starts: 0, stops: leastUsefulFirst(tasks).slice(0, excess).map(surplus), isBlocked: false }
}

/**
 * What the service scheduler does in one pass of a rolling deployment (Amazon ECS API Reference, DeploymentConfiguration).
 * Room that a stop makes is used in the next pass: the task counts until it has begun to stop.
 */
export function decidePass(view: ServiceView): Decision {
  if (view.isStalled) return decideStalled(view)
  const { desired, band, tasks, startLimit } = view
  const primary = tasks.filter(({ isPrimary }) => isPrimary)
  const old = tasks.filter(({ isPrimary }) => !isPrimary)
  const good = primary.filter((task) => !isUnhealthy(task))
  const room = band.upper - tasks.length
  const spare = tasks.filter(isHealthy).length - band.lower

  const goingOld = oldStops(old, spare)
  const spareLeft = spare - goingOld.filter(isHealthy).length
  const excess = leastUsefulFirst(good).slice(0, Math.max(0, good.length - desired))
  const goingSurplus = affordable(excess, Math.max(0, spareLeft))
  const goingUnhealthy = unhealthyStops(primary, desired, room)

  const missing = Math.max(0, desired - good.length)
  const starts = Math.max(0, Math.min(missing, room, startLimit))
  const stops: Stop[] = [
    ...goingOld.map(surplus),
    ...goingSurplus.map(surplus),
    ...goingUnhealthy.map(({ id }): Stop => ({ id, why: 'unhealthy' })),
  ]
  const isSettled = tasks.every(({ verdict }) => verdict !== 'waiting')
  return { starts, stops, isBlocked: missing > 0 && room <= 0 && stops.length === 0 && isSettled }
}
