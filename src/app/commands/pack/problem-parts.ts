import { nextTurn } from '../../../runtime/clock.ts'
import type { InputPart } from '../../../runtime/worker-messages.ts'

/** Long enough to be worth a turn, short enough that nobody notices it. */
const PART_CHARACTERS = 64 * 1024

/**
 * A problem document as the bytes of its JSON, written a little at a time: other work has its turn between two parts.
 * Members that are lists are written element by element.
 */
export async function* problemParts(problem: Readonly<Record<string, unknown>>): AsyncGenerator<InputPart> {
  const encoder = new TextEncoder()
  let text = ''
  for (const piece of piecesOf(problem)) {
    text += piece
    if (text.length < PART_CHARACTERS) continue
    yield { source: 0, bytes: encoder.encode(text) }
    text = ''
    await nextTurn()
  }
  yield { source: 0, bytes: encoder.encode(text) }
}

function* piecesOf(problem: Readonly<Record<string, unknown>>): Generator<string> {
  let separator = '{'
  for (const [key, value] of Object.entries(problem)) {
    if (value === undefined) continue
    yield `${separator}${JSON.stringify(key)}:`
    separator = ','
    if (Array.isArray(value)) yield* listPieces(value)
    else yield JSON.stringify(value)
  }
  yield separator === '{' ? '{}' : '}'
}

function* listPieces(list: readonly unknown[]): Generator<string> {
  yield '['
  for (const [index, element] of list.entries()) yield `${index === 0 ? '' : ','}${JSON.stringify(element)}`
  yield ']'
}
