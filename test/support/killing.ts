import type { FaultRule } from '../../src/simulator/faults.ts'
import type { Journey } from './journey.ts'

/** With the AWS call made whose answer nobody heard, or with one announced that was never made. */
type Moment = 'unanswered' | 'unmade'

/** Which operation to kill the operator in, and when. */
export type Kill = readonly [operation: string, moment: Moment]

const HELD = { count: 1, effect: { type: 'delay', seconds: 10_000_000 } } as const
const REFUSED = { effect: { type: 'unavailable' } } as const

/** Begins something, kills the operator (SIGKILL) in each of these calls in turn and starts it again; at last it runs free. */
export async function killAtEach(
  kills: readonly Kill[],
  { simulator, operator, eventually }: Pick<Journey, 'simulator' | 'operator' | 'eventually'>,
  begin: () => Promise<unknown>,
): Promise<void> {
  for (const [index, [operation, moment]] of kills.entries()) {
    const later = kills.slice(index + 1).map(([name]) => name)
    await simulator.setFaults(trapFor(operation, moment, later))
    await (index === 0 ? begin() : operator.start())
    await eventually(`a call of ${operation}`, async () => ((await simulator.faultsSeen())['trap'] ?? 0) > 0)
    await operator.kill()
  }
  await simulator.setFaults([])
  await operator.start()
}

/** The later operations wait for their own trap: objects are reconciled side by side. */
function trapFor(operation: string, moment: Moment, later: readonly string[]): readonly FaultRule[] {
  const trap = moment === 'unanswered' ? HELD : REFUSED
  return [{ id: 'trap', operation, ...trap }, ...later.map((name) => ({ operation: name, ...REFUSED }))]
}
