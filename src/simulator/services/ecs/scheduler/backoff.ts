import { LEDGER } from '../ledger.ts'

/** Seconds to wait before starting tasks again after so many rounds of starts in a row that never ran. */
export function backoffSeconds(failedRounds: number): number {
  const grown = failedRounds - LEDGER.backoffFreeRounds.value
  if (grown < 0) return 0
  return Math.min(LEDGER.backoffMaxSeconds.value, LEDGER.backoffBaseSeconds.value * 2 ** grown)
}
