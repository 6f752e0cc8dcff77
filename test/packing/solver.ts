import { packDocument } from '../../src/app/commands/pack/pack-document.ts'
import type { Mover } from './moves/hunt-moves.ts'
import type { Solver } from './verify.ts'

/** Long enough for every round: a plan that a busy machine cut short is another one the second time. */
const PATIENT = { timeLimitMs: 60_000 }

/** The solver of the program: the only thing of it that is known here, and only to be held to the rules. */
export const solve: Solver = (input) => packDocument({ ...input, options: { ...PATIENT, ...input.options } })

/** The same when it is asked for moves. Throws when it names none. */
export const move: Mover = (input) => {
  const document = packDocument(input)
  if (!('moves' in document)) throw new Error('a plan without moves')
  return document
}
