import { LEDGER } from '../ledger.ts'
import type { ServiceRecord } from '../state.ts'
import { now } from '../world.ts'
import type { World } from '../world.ts'

/**
 * Adds an event, newest first, at most 100. A message with a `cause` is omitted while the cause lasts, for six hours
 * (Amazon ECS Developer Guide, service event messages).
 */
export function announce(world: World, service: ServiceRecord, text: string, cause?: string): void {
  const at = now(world)
  const before = cause === undefined ? undefined : service.announcedAt[cause]
  if (before !== undefined && at < before + LEDGER.eventSilenceSeconds.value * 1000) return

  if (cause !== undefined) service.announcedAt[cause] = at
  service.events.unshift({ id: world.call.uuid(), createdAt: at, message: `(service ${service.name}) ${text}` })
  service.events.splice(LEDGER.eventsKept.value)
}

/** The cause is gone: the same message is news again. */
export function resolveCause(service: ServiceRecord, cause: string): void {
  delete service.announcedAt[cause]
}

/** Announces started or stopped tasks in batches. */
export function announceTasks(
  world: World,
  service: ServiceRecord,
  verb: 'has started' | 'has stopped',
  ids: readonly string[],
): void {
  const size = LEDGER.tasksPerEvent.value
  const noun = verb === 'has started' ? 'tasks' : 'running tasks'
  for (let from = 0; from < ids.length; from += size) {
    const batch = ids.slice(from, from + size)
    announce(world, service, `${verb} ${batch.length} ${noun}: ${batch.map((id) => `(task ${id})`).join(' ')}.`)
  }
}
