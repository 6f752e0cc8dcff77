import type { TaskStopCode } from '@aws-sdk/client-ecs'
import { LEDGER } from '../ledger.ts'
import type { TaskRecord, TaskStatus } from '../state.ts'
import { dropTags } from '../tags.ts'
import { later, now } from '../world.ts'
import type { World } from '../world.ts'

/** Moves a task on; timers set in its earlier state find their version gone. */
export function enter(task: TaskRecord, status: TaskStatus): void {
  task.lastStatus = status
  task.version += 1
}

/** Goes on with a task after `seconds`, unless it was moved by something else meanwhile. */
export function afterwards(
  world: World,
  task: TaskRecord,
  seconds: number,
  next: (world: World, task: TaskRecord) => void,
): void {
  const { version } = task
  later(world, seconds, (then) => {
    if (task.version === version) next(then, task)
  })
}

function forget({ state }: World, task: TaskRecord): void {
  const cluster = state.clusters[task.cluster]
  // A cluster of the same name may have been made since; its tasks have other ids.
  if (cluster) delete cluster.tasks[task.id]
  dropTags(state, task.arn)
}

function finish(world: World, task: TaskRecord): void {
  enter(task, 'STOPPED')
  task.stoppedAt = now(world)
  world.taskChanged(world, task, 'stopped')
  afterwards(world, task, LEDGER.stoppedTaskKeptSeconds.value, forget)
}

function deprovision(world: World, task: TaskRecord): void {
  enter(task, 'DEPROVISIONING')
  task.executionStoppedAt = now(world)
  for (const container of task.containers) {
    // What ran has handled SIGTERM and left in peace.
    if (container.lastStatus === 'RUNNING') container.exitCode = 0
    container.lastStatus = 'STOPPED'
  }
  afterwards(world, task, LEDGER.deprovisioningSeconds.value, finish)
}

function terminate(world: World, task: TaskRecord): void {
  enter(task, 'STOPPING')
  afterwards(world, task, LEDGER.gracefulExitSeconds.value, deprovision)
}

function deactivate(world: World, task: TaskRecord): void {
  enter(task, 'DEACTIVATING')
  afterwards(world, task, LEDGER.deactivatingSeconds.value, terminate)
}

/** What comes first when a task in this state has to stop (Amazon ECS Developer Guide, task life cycle). */
function beginStop(world: World, task: TaskRecord): void {
  const isAnythingUp = task.containers.some(({ lastStatus }) => lastStatus === 'RUNNING')
  if (task.lastStatus === 'RUNNING') deactivate(world, task)
  else if (isAnythingUp) terminate(world, task)
  else deprovision(world, task)
}

export interface StopCause {
  readonly code: TaskStopCode
  readonly reason: string
}

/** Stops a task once; the first cause stays. */
export function stopTask(world: World, task: TaskRecord, { code, reason }: StopCause): void {
  if (task.desiredStatus === 'STOPPED') return
  const ranBefore = task.startedAt !== undefined

  task.desiredStatus = 'STOPPED'
  task.stopCode = code
  task.stoppedReason = reason
  task.stoppingAt = now(world)
  beginStop(world, task)
  // A start that the scheduler itself called off is no failure.
  const hasFailedToStart = !ranBefore && code !== 'ServiceSchedulerInitiated'
  world.taskChanged(world, task, hasFailedToStart ? 'failed-to-start' : 'stopping')
}
