/**
 * How near the operator comes to what AWS lets through, and how little it asks when nothing happens. The whole operator
 * runs in this process, over a cluster in memory and simulated AWS with its throttling on, in virtual time: hours pass in
 * minutes, and the figures do not depend on the machine. Prints tables and one line of JSON.
 *
 *   npm run bench -- rates [--services 1000]
 */
import { argv } from 'node:process'
import { parseArgs } from 'node:util'
import { editsIn, openFleet, type Fleet } from '../test/support/rates/fleet.ts'
import { landingsOf } from '../test/support/rates/landing.ts'
import { createAll, rollAll, throttledIn } from '../test/support/rates/mass-write.ts'
import { startNeighbour } from '../test/support/rates/neighbour.ts'
import { watchQuietly } from '../test/support/rates/quiet.ts'
import { printReport } from './rates/report.ts'

const { values } = parseArgs({ args: argv.slice(2), options: { services: { type: 'string', default: '1000' } } })
const services = Number(values.services)
/** A twentieth of the services is edited by somebody who is in no hurry. */
const EDITED = Math.max(1, Math.floor(services / 20))

/** The share of the rates that is the default. */
const SHARE = 0.6
/** Until the first round over everything is done. */
const RESTART_SECONDS = 60
/** As long as the longest time between two close looks, so that each object has one. */
const STEADY_SECONDS = 6 * 3600
/** Nothing of what was asked before goes on any more. */
const REST_SECONDS = 900
const EVERY_SECONDS = 15
const PATIENCE_SECONDS = 120
/** More than a roll of all services takes. */
const LONG_PATIENCE_SECONDS = 2 * services + 600

const fleet = await openFleet({ share: 1, namespaces: { impatient: services - EDITED, calm: EDITED } })
const { operator } = fleet
const creation = await createAll(fleet)
const roll = await rollAll(fleet, 'app:2')
await rest()

await operator.restart(SHARE)
const restart = await watchQuietly(fleet, RESTART_SECONDS)
const steady = await watchQuietly(fleet, STEADY_SECONDS)
await rest()

const undisturbed = await landingsOf(operator, calmly('app:3'))
await rest()
const withNeighbour = await besideNeighbour()
await rest()
const fair = await duringRoll('calm')
await operator.clock.advance(LONG_PATIENCE_SECONDS)
await rest()
const unfair = await duringRoll('impatient')
await operator.stop()

printReport({ services, creation, roll, restart, steady, undisturbed, withNeighbour, fair, unfair })

async function rest(): Promise<void> {
  await operator.clock.advance(REST_SECONDS)
  // What is over need not be kept.
  operator.aws.simulator.log.clear()
}

function calmly(image: string) {
  return { edits: editsIn(fleet, 'calm', image), everySeconds: EVERY_SECONDS, patienceSeconds: PATIENCE_SECONDS }
}

async function besideNeighbour() {
  const begun = operator.clock.now()
  const stop = startNeighbour(operator.aws, 0.5)
  await operator.clock.advance(REST_SECONDS)
  const landings = await landingsOf(operator, calmly('app:4'))
  stop()
  return { ...landings, throttled: throttledIn(operator.calls(begun)) }
}

/** A namespace rolls all of its services at once; then, one by one, others are edited in `namespace`. */
async function duringRoll(namespace: string) {
  const begun = operator.clock.now()
  const image = `app:${namespace}`
  const rolled: Fleet['services'] = editsIn(fleet, 'impatient', image).slice(EDITED)
  for (const service of rolled) operator.apply(service)
  await operator.clock.advance(EVERY_SECONDS)
  const edits = editsIn(fleet, namespace, image).slice(0, EDITED)
  const patienceSeconds = LONG_PATIENCE_SECONDS
  const landings = await landingsOf(operator, { edits, everySeconds: EVERY_SECONDS, patienceSeconds })
  return { ...landings, throttled: throttledIn(operator.calls(begun)) }
}
