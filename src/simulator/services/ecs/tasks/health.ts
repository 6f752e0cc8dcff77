import type { HealthCheck } from '@aws-sdk/client-ecs'
import type { ContainerRecord, Health, TaskRecord } from '../state.ts'
import { taskDefinitionByArn } from '../task-definitions/lookup.ts'
import { LEDGER } from '../ledger.ts'
import { later, now } from '../world.ts'
import type { World } from '../world.ts'
import { behaviourOf } from './behaviour.ts'

/** The health checks of a task's containers, by container name. */
function healthChecksOf(world: World, task: TaskRecord): ReadonlyMap<string, HealthCheck> {
  const { containerDefinitions } = taskDefinitionByArn(world.state, task.taskDefinition).content
  return new Map(
    containerDefinitions.flatMap(({ name = '', healthCheck }) =>
      healthCheck && healthCheck.command?.[0] !== 'NONE' ? [[name, healthCheck] as const] : [],
    ),
  )
}

/** Whether the scheduler has to wait for container health: any essential container has a check. */
export function hasEssentialHealthCheck(world: World, task: TaskRecord): boolean {
  const checks = healthChecksOf(world, task)
  return task.containers.some(({ essential, name }) => essential && checks.has(name))
}

/**
 * Health of a task from its essential containers (Amazon ECS API Reference, HealthCheck): one UNHEALTHY decides, then
 * one UNKNOWN. Containers without a check say nothing.
 */
function taskHealth(containers: readonly ContainerRecord[], checks: ReadonlyMap<string, HealthCheck>): Health {
  const checked = containers.filter(({ essential, name }) => essential && checks.has(name))
  if (checked.some(({ health }) => health === 'UNHEALTHY')) return 'UNHEALTHY'
  if (checked.length === 0 || checked.some(({ health }) => health === 'UNKNOWN')) return 'UNKNOWN'
  return 'HEALTHY'
}

/** The first verdict on a container, and the seconds after its start at which it is known. */
function verdictOf(world: World, container: ContainerRecord, check: HealthCheck): { after: number; health: Health } {
  const interval = check.interval ?? LEDGER.healthIntervalSeconds.value
  if (behaviourOf(world.call.scenario, container.image).type !== 'never-healthy')
    return { after: interval, health: 'HEALTHY' }

  const retries = check.retries ?? LEDGER.healthRetries.value
  return { after: (check.startPeriod ?? 0) + retries * interval, health: 'UNHEALTHY' }
}

/** Lets the checks of a task that has just started give their verdicts when they would. */
export function startHealthChecks(world: World, task: TaskRecord): void {
  const checks = healthChecksOf(world, task)
  const { version } = task
  for (const container of task.containers) {
    const check = checks.get(container.name)
    if (!check) continue
    const { after, health } = verdictOf(world, container, check)
    later(world, after, (then) => {
      if (task.version !== version) return
      container.health = health
      const before = task.health
      task.health = taskHealth(task.containers, checks)
      if (task.health !== before) then.taskChanged(then, task, 'health')
    })
  }
}

/** Whether container health makes the scheduler give a task up; it looks away during the service's grace period. */
export function isUnhealthy(world: World, task: TaskRecord, graceSeconds: number): boolean {
  if (task.health !== 'UNHEALTHY' || task.startedAt === undefined) return false
  return now(world) >= task.startedAt + graceSeconds * 1000
}
