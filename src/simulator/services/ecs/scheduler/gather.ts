import { LEDGER } from '../ledger.ts'
import { primaryOf } from '../services/rollout.ts'
import type { Moment, ServiceRecord, TaskRecord } from '../state.ts'
import { hasEssentialHealthCheck, isUnhealthy } from '../tasks/health.ts'
import { now } from '../world.ts'
import type { World } from '../world.ts'
import { bandOf } from './band.ts'
import type { ServiceView, TaskView, Verdict } from './decide.ts'

/** Tasks of a service that are not STOPPED. */
export function liveTasksOf({ state }: World, service: ServiceRecord): TaskRecord[] {
  const tasks = state.clusters[service.cluster]?.tasks ?? {}
  return Object.keys(service.liveTasks).flatMap((id) => tasks[id] ?? [])
}

/** What the scheduler holds a task to be: by its container health if it has any, else by how long it runs. */
export function verdictOf(world: World, service: ServiceRecord, task: TaskRecord): Verdict {
  if (task.startedAt === undefined) return 'waiting'
  if (hasEssentialHealthCheck(world, task)) {
    if (isUnhealthy(world, task, service.healthCheckGracePeriodSeconds ?? 0)) return 'unhealthy'
    return task.health === 'HEALTHY' ? 'healthy' : 'waiting'
  }
  return now(world) >= task.startedAt + LEDGER.healthyAfterSeconds.value * 1000 ? 'healthy' : 'waiting'
}

/** When a verdict will change by time alone; everything else comes with a notice. */
function nextVerdictAt({ healthCheckGracePeriodSeconds = 0 }: ServiceRecord, task: TaskRecord): Moment {
  if (task.startedAt === undefined) return Infinity
  const seconds = task.health === 'UNHEALTHY' ? healthCheckGracePeriodSeconds : LEDGER.healthyAfterSeconds.value
  return task.startedAt + seconds * 1000
}

export interface Gathered {
  readonly view: ServiceView
  /** Live tasks: those of the view and those that are being stopped. */
  readonly live: readonly TaskRecord[]
  /** The next moment at which the view changes by itself; Infinity if only events can change it. */
  readonly changesAt: Moment
}

function startLimitOf(world: World, service: ServiceRecord): number {
  const primary = primaryOf(service)
  if (primary.rolloutState === 'FAILED' || now(world) < primary.startsHeldUntil) return 0
  return Math.floor((LEDGER.launchesPerMinute.value * LEDGER.passSeconds.value) / 60)
}

/** Reads everything that a pass decides on. */
export function gatherService(world: World, service: ServiceRecord): Gathered {
  const live = liveTasksOf(world, service)
  const primary = primaryOf(service)
  const wanted = live.filter(({ desiredStatus }) => desiredStatus === 'RUNNING')
  const tasks = wanted.map((task): TaskView => ({
    id: task.id,
    isPrimary: task.deploymentId === primary.id,
    isRunning: task.lastStatus === 'RUNNING',
    verdict: verdictOf(world, service, task),
  }))
  const moments = [primary.startsHeldUntil, ...wanted.map((task) => nextVerdictAt(service, task))]
  return {
    view: {
      desired: service.desiredCount,
      band: bandOf(service.desiredCount, service.deploymentConfiguration),
      tasks,
      startLimit: startLimitOf(world, service),
      isStalled: primary.rolloutState === 'FAILED',
    },
    live,
    changesAt: Math.min(...moments.filter((moment) => moment > now(world)), Infinity),
  }
}
