import { LEDGER } from '../ledger.ts'
import type { EcsState, Moment, ServiceRecord } from '../state.ts'
import { later, now } from '../world.ts'
import type { World } from '../world.ts'

interface Alarm {
  readonly at: Moment
  readonly cancel: () => void
}

/** One alarm for each service that waits for a pass. Not state: it follows from it. */
const alarms = new WeakMap<EcsState, Map<ServiceRecord, Alarm>>()

function alarmsOf(state: EcsState): Map<ServiceRecord, Alarm> {
  const known = alarms.get(state) ?? new Map<ServiceRecord, Alarm>()
  alarms.set(state, known)
  return known
}

/** The first pass comes half a period after creation, the others a period apart: services do not move in step. */
function nextTick({ createdAt }: ServiceRecord, notBefore: Moment): Moment {
  const period = LEDGER.passSeconds.value * 1000
  const first = createdAt + period / 2
  return first + Math.max(0, Math.ceil((notBefore - first) / period)) * period
}

/** Runs `pass` at the service's next tick that is at least `seconds` away, unless an earlier one is coming anyway. */
export function wake(
  world: World,
  service: ServiceRecord,
  seconds: number,
  pass: (world: World, service: ServiceRecord) => void,
): void {
  const known = alarmsOf(world.state)
  const at = nextTick(service, now(world) + Math.max(1, seconds * 1000))
  const alarm = known.get(service)
  if (alarm && alarm.at <= at) return

  alarm?.cancel()
  const cancel = later(world, (at - now(world)) / 1000, (then) => {
    known.delete(service)
    pass(then, service)
  })
  known.set(service, { at, cancel })
}
