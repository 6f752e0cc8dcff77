import { stdout } from 'node:process'
import type { Landings } from '../../test/support/rates/landing.ts'
import type { MassWrite } from '../../test/support/rates/mass-write.ts'
import type { Quiet } from '../../test/support/rates/quiet.ts'

/** Everything that the benchmark measures, in virtual time. */
export interface Result {
  readonly services: number
  readonly creation: MassWrite
  readonly roll: MassWrite
  readonly restart: Quiet
  readonly steady: Quiet
  readonly undisturbed: Landings
  readonly withNeighbour: Landings & { readonly throttled: number }
  /** Edits in another namespace than the one that rolls. */
  readonly fair: Landings & { readonly throttled: number }
  /** Edits in the namespace that rolls: first come, first served. */
  readonly unfair: Landings
}

export function printReport(result: Result): void {
  const { services, creation, roll, restart, steady, undisturbed, withNeighbour, fair, unfair } = result
  table(
    `${services} services at AWS's full rates`,
    ['', 'created', 'rolled'],
    [
      ['bound of the slowest class', bound(creation), bound(roll)],
      ['last accepted write after', seconds(creation.seconds), seconds(roll.seconds)],
      ['÷ bound (goal ≤ 1.05)', creation.ratio.toFixed(3), roll.ratio.toFixed(3)],
      ['all Ready after', seconds(creation.readySeconds), seconds(roll.readySeconds)],
      ['accepted writes per service', perService(creation, services), perService(roll, services)],
      ['reads per service', (creation.reads / services).toFixed(1), (roll.reads / services).toFixed(1)],
      ['throttled calls', String(creation.throttled), String(roll.throttled)],
    ],
  )
  table(
    'Nothing happens',
    ['', 'calls', 'per service'],
    [
      ['restart (goal ≤ 0.3)', String(restart.calls), restart.perService.toFixed(3)],
      ['each drift period (goal ≤ 0.2)', steady.callsPerPeriod.toFixed(0), steady.perServiceAndPeriod.toFixed(3)],
    ],
  )
  table(
    'From an edit to its write, 60 % of the rates',
    ['', 'median', 'longest', 'throttled'],
    [
      ['nobody else', ...landing(undisturbed), ''],
      [
        'a neighbour uses half of each bucket (goal ≤ 10 s)',
        ...landing(withNeighbour),
        String(withNeighbour.throttled),
      ],
      ['another namespace rolls', ...landing(fair), String(fair.throttled)],
      ['the same namespace rolls: first come, first served', ...landing(unfair), ''],
    ],
  )
  stdout.write(
    `${JSON.stringify({ ...result, calls: { restart: restart.byOperation, steady: steady.byOperation } })}\n`,
  )
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = ([first = '', ...rest]: readonly string[]): string =>
    first.padEnd(52) + rest.map((cell) => cell.padStart(26)).join('')
  stdout.write(`${title}\n\n${[head, ...rows].map(line).join('\n')}\n\n`)
}

function bound({ bound: { seconds: least, arithmetic } }: MassWrite): string {
  return `${arithmetic} = ${least.toFixed(0)} s`
}

function perService({ writes }: MassWrite, services: number): string {
  return (Object.values(writes).reduce((sum, count) => sum + count, 0) / services).toFixed(2)
}

function landing({ medianSeconds, longestSeconds }: Landings): readonly string[] {
  return [seconds(medianSeconds), seconds(longestSeconds)]
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`
}
