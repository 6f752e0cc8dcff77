import { packDocument } from '../../src/app/commands/pack/pack-document.ts'
import type { Solver } from './verify.ts'

/** The solver of the program: the only thing of it that is known here, and only to be held to the rules. */
export const solve: Solver = (input) => packDocument(input)
