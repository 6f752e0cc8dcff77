import type { Screen } from './screen.ts'
import { OPERATOR_ACCESS_KEY_ID, type SimulatedCall, type SimulatorClient } from './simulator-client.ts'

/** Calls that only look are many and alike: they are counted, and the count is printed before the next call that changes something. */
const READS = /^(Describe|List|Get|BatchGet|Lookup)/

/** Prints the operator's AWS calls, oldest first; call it again and again. */
export function createCallLog(simulator: SimulatorClient, screen: Screen): () => Promise<void> {
  let seen = 0
  let reads = new Map<string, number>()
  const printReads = (): void => {
    if (reads.size > 0) screen.line('aws', [...reads].map(([name, count]) => `${name} ×${count}`).join(', '))
    reads = new Map()
  }
  return async () => {
    const calls = await simulator.calls()
    for (const call of calls.slice(seen).filter(isOperators)) {
      if (isUneventful(call)) {
        reads.set(call.operation, (reads.get(call.operation) ?? 0) + 1)
        continue
      }
      printReads()
      screen.line(
        'aws',
        `${call.service} ${call.operation}${call.errorCode === undefined ? '' : ` → ${call.errorCode}`}`,
      )
    }
    seen = calls.length
  }
}

function isOperators({ accessKeyId }: SimulatedCall): boolean {
  return accessKeyId === OPERATOR_ACCESS_KEY_ID
}

/** A read that found something, or nothing. */
function isUneventful({ operation, errorCode = '' }: SimulatedCall): boolean {
  return READS.test(operation) && (errorCode === '' || errorCode.includes('NotFound'))
}
