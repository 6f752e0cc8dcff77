import { Buffer } from 'node:buffer'
import { InputProblem } from './input-problem.ts'
import { EXPECTED_WORDS, FOLLOWING, moveAt, type Expected, type Move } from './json-grammar.ts'
import { createValueScanner, isNewline, isSpace } from './value-scanner.ts'

/**
 * What a JSON text has, in its order: members of each object at the top, elements of each list one level down, and where
 * the top ends. Texts are JSON themselves, not looked into yet.
 */
export interface JsonEvents {
  readonly member: (key: string, text: string) => void
  /** A list begins, perhaps an empty one. `key` undefined: it is at the top. */
  readonly list: (key: string | undefined) => void
  readonly element: (key: string | undefined, index: number, text: string) => void
  readonly end: () => void
}

/** Takes a JSON text in parts of any size; several values may follow each other. */
export interface JsonSplitter {
  /** Throws an `InputProblem` with the line of what is no JSON. */
  readonly push: (bytes: Uint8Array) => void
  /** The text is over. Throws an `InputProblem` when it stops in the middle. */
  readonly finish: () => void
}

/**
 * Cuts a list of many objects into its objects, so that only one of them has to be in memory as a whole: what `kubectl get
 * pods -A -o json` prints of a large cluster is ten times what a plan needs of it.
 */
export function createJsonSplitter(events: JsonEvents): JsonSplitter {
  const values = createValueReader()
  const outline = createOutline(events)
  let line = 1

  /** Reads on from `at`; answers where the rest begins. */
  function readOn(bytes: Buffer, at: number): number {
    const byte = bytes[at] ?? 0
    if (isSpace(byte)) {
      if (isNewline(byte)) line += 1
      return at + 1
    }
    const character = String.fromCharCode(byte)
    const move = moveAt(outline.expected(), character)
    if (move === undefined) throw problem(`not ${JSON.stringify(character)}`)
    if (move === 'begin') values.begin(byte)
    else outline.move(move)
    return move === 'begin' ? at : at + 1
  }

  function readValue(bytes: Buffer, at: number): number {
    const end = values.read(bytes, at)
    if (end === undefined) return bytes.length
    outline.take(values.text(), problem)
    line += values.lines()
    return end
  }

  function problem(rest: string): InputProblem {
    return new InputProblem(`line ${line} wants ${EXPECTED_WORDS[outline.expected()]}, ${rest}`)
  }

  return {
    push: (part) => {
      const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength)
      let at = 0
      while (at < bytes.length) at = values.isReading() ? readValue(bytes, at) : readOn(bytes, at)
    },
    finish: () => {
      if (outline.expected() !== 'top') throw problem('but the text ends')
    },
  }
}

/** Where in the text we are, and who is told. */
function createOutline({ member, list, element, end }: JsonEvents) {
  let expected: Expected = 'top'
  /** Of the member; undefined: the top is a list. */
  let key: string | undefined
  let index = 0

  function close(): Expected {
    // The list was a member, or the whole document is over.
    if (expected.endsWith('element') && key !== undefined) return 'after-value'
    key = undefined
    end()
    return 'top'
  }

  function openList(): Expected {
    index = 0
    list(key)
    return 'first-element'
  }

  function after(move: Exclude<Move, 'begin'>): Expected {
    switch (move) {
      case 'open-object':
        return 'first-key'
      case 'open-list':
        return openList()
      case 'close':
        return close()
      case 'go-on':
        return FOLLOWING[expected] ?? expected
    }
  }

  function afterValue(text: string, problem: (rest: string) => InputProblem): Expected {
    if (expected === 'first-key' || expected === 'key') {
      key = keyFrom(text) ?? refuse(problem(`not ${text}`))
      return 'colon'
    }
    if (expected === 'value') {
      member(key ?? '', text)
      return 'after-value'
    }
    element(key, index, text)
    index += 1
    return 'after-element'
  }

  return {
    expected: () => expected,
    move: (move: Exclude<Move, 'begin'>) => {
      expected = after(move)
    },
    /** A value or a name is there as a whole. */
    take: (text: string, problem: (rest: string) => InputProblem) => {
      expected = afterValue(text, problem)
    },
  }
}

function keyFrom(text: string): string | undefined {
  try {
    return String(JSON.parse(text))
  } catch {
    return undefined
  }
}

function refuse(problem: InputProblem): never {
  throw problem
}

/** Puts the text of a value together from the parts in which it comes. */
function createValueReader() {
  const scanner = createValueScanner()
  let isReading = false
  let begun: Buffer[] = []
  return {
    isReading: () => isReading,
    lines: scanner.lines,
    begin: (first: number) => {
      isReading = true
      begun = []
      scanner.begin(first)
    },
    /** Where the value is over; undefined: it goes on in the next part. */
    read: (bytes: Buffer, from: number) => {
      const end = scanner.scan(bytes, from)
      begun.push(bytes.subarray(from, end ?? bytes.length))
      isReading = end === undefined
      return end
    },
    text: () => {
      const [only] = begun
      return (begun.length === 1 && only ? only : Buffer.concat(begun)).toString('utf8')
    },
  }
}
