/** What may come next at the top of a JSON text: RFC 8259, as deep as it is cut up. */
export type Expected =
  | 'top' // an object or a list, or the end
  | 'first-key' // or the end of the object
  | 'key'
  | 'colon'
  | 'value'
  | 'after-value' // a comma, or the end of the object
  | 'first-element' // or the end of the list
  | 'element'
  | 'after-element' // a comma, or the end of the list

/** What a character there means: the beginning of a value (or of a name) is not looked into. */
export type Move = 'open-object' | 'open-list' | 'close' | 'go-on' | 'begin'

export const EXPECTED_WORDS: Readonly<Record<Expected, string>> = {
  top: '{ or [',
  'first-key': 'a name in quotes or }',
  key: 'a name in quotes',
  colon: 'a colon',
  value: 'a value',
  'after-value': 'a comma or }',
  'first-element': 'a value or ]',
  element: 'a value',
  'after-element': 'a comma or ]',
}

/** Where `go-on` leads. */
export const FOLLOWING: Readonly<Partial<Record<Expected, Expected>>> = {
  colon: 'value',
  'after-value': 'key',
  'after-element': 'element',
}

const MOVES: Readonly<Record<Expected, Readonly<Record<string, Move>>>> = {
  top: { '{': 'open-object', '[': 'open-list' },
  'first-key': { '"': 'begin', '}': 'close' },
  key: { '"': 'begin' },
  colon: { ':': 'go-on' },
  value: { '[': 'open-list' },
  'after-value': { ',': 'go-on', '}': 'close' },
  'first-element': { ']': 'close' },
  element: {},
  'after-element': { ',': 'go-on', ']': 'close' },
}

const VALUES: ReadonlySet<Expected> = new Set(['value', 'first-element', 'element'])

/** What a character means where something is expected; undefined: it has no business there. */
export function moveAt(expected: Expected, character: string): Move | undefined {
  const move = MOVES[expected][character]
  return move ?? (VALUES.has(expected) && !'}]:,'.includes(character) ? 'begin' : undefined)
}
