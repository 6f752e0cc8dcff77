import { LEDGER } from '../ledger.ts'
import type { ContainerRecord, TaskRecord } from '../state.ts'
import { now } from '../world.ts'
import type { World } from '../world.ts'
import { exitOf } from './behaviour.ts'
import { startHealthChecks } from './health.ts'
import { startFailure } from './start-failure.ts'
import { afterwards, enter, stopTask } from './stop.ts'

function exitContainer(world: World, task: TaskRecord, container: ContainerRecord, exitCode: number): void {
  container.lastStatus = 'STOPPED'
  container.exitCode = exitCode
  if (container.essential)
    stopTask(world, task, { code: 'EssentialContainerExited', reason: 'Essential container in task exited' })
}

/** Containers that exit by themselves do so when they would; those that exit at once do so now. */
function startContainers(world: World, task: TaskRecord): void {
  for (const container of task.containers) container.lastStatus = 'RUNNING'
  for (const container of task.containers) {
    const exit = exitOf(world, task, container)
    if (exit && exit.afterSeconds <= 0) exitContainer(world, task, container, exit.exitCode)
  }
}

function watchExits(world: World, task: TaskRecord): void {
  for (const container of task.containers) {
    const exit = exitOf(world, task, container)
    if (container.lastStatus === 'RUNNING' && exit)
      afterwards(world, task, exit.afterSeconds, (then) => exitContainer(then, task, container, exit.exitCode))
  }
}

function run(world: World, task: TaskRecord): void {
  startContainers(world, task)
  if (task.desiredStatus === 'STOPPED') return

  enter(task, 'RUNNING')
  task.startedAt = now(world)
  watchExits(world, task)
  startHealthChecks(world, task)
  world.taskChanged(world, task, 'running')
}

function activate(world: World, task: TaskRecord): void {
  const failure = startFailure(world, task)
  if (failure) {
    const container = task.containers.find(({ name }) => name === failure.container)
    if (container) container.reason = failure.reason
    stopTask(world, task, { code: 'TaskFailedToStart', reason: failure.reason })
    return
  }
  enter(task, 'ACTIVATING')
  task.pullStoppedAt = now(world)
  afterwards(world, task, LEDGER.activatingSeconds.value, run)
}

function pull(world: World, task: TaskRecord): void {
  enter(task, 'PENDING')
  task.connectivityAt = now(world)
  task.pullStartedAt = now(world)
  afterwards(world, task, LEDGER.pullSeconds.value, activate)
}

/** Sets a new task going: PROVISIONING → PENDING → ACTIVATING → RUNNING. */
export const startLife = (world: World, task: TaskRecord): void =>
  afterwards(world, task, LEDGER.provisioningSeconds.value, pull)
