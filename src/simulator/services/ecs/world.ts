import type { Call } from '../../service.ts'
import type { EcsState, Moment, TaskRecord } from './state.ts'

/** What may happen to a task that its service has to know. */
export type TaskChange = 'running' | 'failed-to-start' | 'health' | 'stopping' | 'stopped'

/** Told about tasks by the task life cycle, which knows nothing of services. */
export type TaskWatcher = (world: World, task: TaskRecord, change: TaskChange) => void

/** State together with the newest call that touched it: what happens later needs its clock, scenario and peers. */
export interface World {
  readonly state: EcsState
  readonly call: Call
  readonly taskChanged: TaskWatcher
}

export const now = ({ call }: World): Moment => call.clock.now()

const newestCall = new WeakMap<EcsState, Call>()

/** Runs a handler in the world of its call. Later timers see the scenario of the newest call, not of the one that set them. */
export function inWorld<Input, Output extends object>(
  taskChanged: TaskWatcher,
  handler: (input: Input, world: World) => Output,
) {
  return (input: Input, state: EcsState, call: Call): Output => {
    newestCall.set(state, call)
    return handler(input, { state, call, taskChanged })
  }
}

/** Does `action` after `seconds` of virtual time, in the world as it is then. */
export function later(world: World, seconds: number, action: (world: World) => void): () => void {
  const { state, call } = world
  return call.clock.after(seconds, () => action({ ...world, call: newestCall.get(state) ?? call }))
}

/** 32 hexadecimal digits, as ECS uses for tasks. */
export const hexId = ({ call }: World): string => call.uuid().replaceAll('-', '')

const bytesOf = (world: World): Buffer => Buffer.from(hexId(world), 'hex')

/** 19 digits, as ECS uses for deployments and service revisions. */
export function decimalId(world: World): string {
  const number = bytesOf(world).readBigUInt64BE() % 9_000_000_000_000_000_000n
  return String(number + 1_000_000_000_000_000_000n)
}

/** 22 URL-safe characters, as ECS uses for service deployments. */
export const urlSafeId = (world: World): string => bytesOf(world).toString('base64url')

/** A canonical text of plain data, independent of the order of members and of members that are undefined. */
export function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  )
}
