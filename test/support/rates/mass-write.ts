import type { LoggedCall } from '../../../src/simulator/call-log.ts'
import type { Manifest } from '../virtual-operator.ts'
import { boundOf, type Bound, type Calls } from './bound.ts'
import { CALM_SECONDS, untilReady, withImage, type Fleet } from './fleet.ts'

/** What it took to bring many changes into AWS at once. */
export interface MassWrite {
  readonly bound: Bound
  /** From the users' request to the last write that AWS accepted. */
  readonly seconds: number
  /** `seconds` ÷ the bound. */
  readonly ratio: number
  readonly readySeconds: number
  /** Accepted writes, by operation. */
  readonly writes: Calls
  /** Writes that would have been enough. */
  readonly needed: Calls
  readonly reads: number
  readonly throttled: number
}

/** Asks for all services of the fleet at the same moment. */
export function createAll({ operator, services }: Fleet): Promise<MassWrite> {
  const count = services.length
  const needed = {
    'logs:CreateLogGroup': count,
    'logs:PutRetentionPolicy': count,
    'ecs:RegisterTaskDefinition': count,
    'ecs:CreateService': count,
  }
  return massWrite({ operator, services }, needed)
}

/** Gives all services another image at the same moment. */
export async function rollAll({ operator, services }: Fleet, image: string): Promise<MassWrite> {
  const count = services.length
  await operator.clock.advance(CALM_SECONDS)
  const rolled = services.map((service) => withImage(service, image))
  return massWrite({ operator, services: rolled }, { 'ecs:RegisterTaskDefinition': count, 'ecs:UpdateService': count })
}

async function massWrite({ operator, services }: Fleet, needed: Calls): Promise<MassWrite> {
  const begun = operator.clock.now()
  applyAll({ operator, services })
  const readySeconds = await untilReady(operator, services)
  const calls = operator.calls(begun)
  const accepted = calls.filter((call) => isWrite(call) && call.errorCode === undefined)
  const seconds = (Math.max(begun, ...accepted.map(({ endMs }) => endMs)) - begun) / 1000
  const bound = boundOf(needed)
  return {
    bound,
    seconds,
    ratio: seconds / bound.seconds,
    readySeconds,
    writes: countsOf(accepted),
    needed,
    reads: calls.filter((call) => !isWrite(call)).length,
    throttled: throttledIn(calls),
  }
}

function applyAll({ operator, services }: { operator: Fleet['operator']; services: readonly Manifest[] }): void {
  for (const service of services) operator.apply(service)
}

const READ = /^(Describe|List|Get|BatchGet)/

function isWrite({ operation }: LoggedCall): boolean {
  return !READ.test(operation)
}

/** How many calls of each operation. */
export function countsOf(calls: readonly LoggedCall[]): Calls {
  const counts: Record<string, number> = {}
  for (const { service, operation } of calls) {
    const name = `${service}:${operation}`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

export function throttledIn(calls: readonly LoggedCall[]): number {
  return calls.filter(({ errorCode }) => errorCode?.startsWith('Throttling') === true).length
}
