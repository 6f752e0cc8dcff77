import { LEDGER } from '../ledger.ts'
import { announce, announceTasks, resolveCause } from '../services/events.ts'
import { completeRollout, dropReplaced, failRollout, primaryOf } from '../services/rollout.ts'
import type { ServiceRecord } from '../state.ts'
import { dropTags } from '../tags.ts'
import { stopTask } from '../tasks/stop.ts'
import { later, now } from '../world.ts'
import type { World } from '../world.ts'
import { actOn } from './act.ts'
import { breakerThreshold, isBreakerOn, resetsOnHealthyTask } from './breaker.ts'
import { decidePass } from './decide.ts'
import type { Decision, ServiceView } from './decide.ts'
import { gatherService, liveTasksOf, verdictOf } from './gather.ts'
import type { Gathered } from './gather.ts'
import { wake } from './wake.ts'

/** Counts each verdict on a task of the primary deployment once: unhealthy ones add up, a healthy one may reset. */
function judge(world: World, service: ServiceRecord): void {
  const primary = primaryOf(service)
  for (const task of liveTasksOf(world, service)) {
    if (task.deploymentId !== primary.id || task.desiredStatus === 'STOPPED') continue
    const verdict = verdictOf(world, service, task)
    if (verdict === 'unhealthy' && task.judged !== 'UNHEALTHY') {
      task.judged = 'UNHEALTHY'
      primary.failedTasks += 1
    }
    if (verdict === 'healthy' && task.judged !== 'HEALTHY') {
      task.judged = 'HEALTHY'
      if (resetsOnHealthyTask(service.deploymentConfiguration)) primary.failedTasks = 0
    }
  }
}

function isTripped({ deploymentConfiguration, desiredCount, deployments: [primary] }: ServiceRecord): boolean {
  if (!primary || primary.rolloutState !== 'IN_PROGRESS' || !isBreakerOn(deploymentConfiguration)) return false
  return primary.failedTasks >= breakerThreshold(deploymentConfiguration, desiredCount)
}

const healthyPrimaryCount = ({ tasks }: ServiceView): number =>
  tasks.filter(({ isPrimary, verdict }) => isPrimary && verdict === 'healthy').length

/** Exactly the desired tasks, all of the primary deployment, all healthy, and none on its way out. */
const isSteady = ({ view, live }: Gathered): boolean =>
  live.length === view.desired && healthyPrimaryCount(view) === view.desired

/** Early success: enough healthy tasks, and old ones gone or to be removed later (Amazon ECS API Reference, DeploymentEarlySuccessCriteria). */
function isEarlySuccess(service: ServiceRecord, { view, live }: Gathered): boolean {
  const { earlySuccessCriteria: criteria } = service.deploymentConfiguration
  if (criteria?.enable !== true) return false
  const needed = Math.ceil((view.desired * (criteria.healthyPercent ?? 100)) / 100)
  const primary = primaryOf(service)
  const isOldGone = live.every(({ deploymentId }) => deploymentId === primary.id)
  return healthyPrimaryCount(view) >= needed && (isOldGone || criteria.sourceServiceRevisionCleanup === 'DEFERRED')
}

function settle(world: World, service: ServiceRecord, gathered: Gathered): void {
  const isNowSteady = isSteady(gathered)
  const isInProgress = primaryOf(service).rolloutState === 'IN_PROGRESS'
  if (isInProgress && (isNowSteady || isEarlySuccess(service, gathered))) completeRollout(world, service)
  const liveDeployments = new Set(gathered.live.map(({ deploymentId }) => deploymentId))
  dropReplaced(service, (id) => liveDeployments.has(id))

  if (!isNowSteady) return resolveCause(service, 'steady')
  announce(world, service, 'has reached a steady state.', 'steady')
  resolveCause(service, 'blocked')
}

/** After a change the next look is one period away; otherwise time or a notice decides, with a heartbeat for repeated events. */
function secondsToNextPass(world: World, { changesAt }: Gathered, { starts, stops }: Decision): number {
  if (starts > 0 || stops.length > 0) return LEDGER.passSeconds.value
  return Math.min((changesAt - now(world)) / 1000, LEDGER.eventSilenceSeconds.value)
}

function drain(world: World, service: ServiceRecord): void {
  const live = liveTasksOf(world, service)
  const wanted = live.filter(({ desiredStatus }) => desiredStatus === 'RUNNING')
  for (const task of wanted)
    stopTask(world, task, {
      code: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ${task.startedBy})`,
    })
  announceTasks(
    world,
    service,
    'has stopped',
    wanted.map(({ id }) => id),
  )

  const isDrained = live.every(({ lastStatus }) => lastStatus === 'STOPPING' || lastStatus === 'DEPROVISIONING')
  if (isDrained) deactivate(world, service)
  else wake(world, service, LEDGER.passSeconds.value, runPass)
}

function deactivate(world: World, service: ServiceRecord): void {
  service.status = 'INACTIVE'
  service.lastWorkload = primaryOf(service).workload
  service.deployments = []
  later(world, LEDGER.serviceTombstoneSeconds.value, ({ state }) => {
    const services = state.clusters[service.cluster]?.services
    // The name may be in use again by now.
    if (services?.[service.name] !== service) return
    delete services[service.name]
    dropTags(state, service.arn)
  })
}

/** One look of the scheduler at one service: gather, decide, act, and set the time of the next look. */
export function runPass(world: World, service: ServiceRecord): void {
  if (service.status === 'INACTIVE') return
  if (service.status === 'DRAINING') return drain(world, service)

  judge(world, service)
  if (isTripped(service)) failRollout(world, service)
  const gathered = gatherService(world, service)
  const decision = decidePass(gathered.view)
  actOn(world, service, gathered.live, decision)
  settle(world, service, gathered)
  wake(world, service, secondsToNextPass(world, gathered, decision), runPass)
}
