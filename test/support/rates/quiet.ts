import { countsOf } from './mass-write.ts'
import type { Calls } from './bound.ts'
import type { Fleet } from './fleet.ts'

/** What AWS hears of a fleet while nothing happens. */
export interface Quiet {
  readonly calls: number
  readonly byOperation: Calls
  readonly perService: number
  readonly callsPerPeriod: number
  readonly perServiceAndPeriod: number
}

/** How often services are looked at for drift, by default. */
export const DRIFT_SECONDS = 300

/** Lets time pass and counts the calls. */
export async function watchQuietly({ operator, services }: Fleet, seconds: number): Promise<Quiet> {
  const begun = operator.clock.now()
  await operator.clock.advance(seconds)
  const calls = operator.calls(begun)
  const periods = seconds / DRIFT_SECONDS
  return {
    calls: calls.length,
    byOperation: countsOf(calls),
    perService: calls.length / services.length,
    callsPerPeriod: calls.length / periods,
    perServiceAndPeriod: calls.length / services.length / periods,
  }
}
