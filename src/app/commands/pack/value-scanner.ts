import { Buffer } from 'node:buffer'

/** Finds the end of one JSON value that may lie in several parts. Whether it is valid inside is for JSON.parse to say. */
export interface ValueScanner {
  /** A value starts with this byte. */
  readonly begin: (first: number) => void
  /** Where the value is over, behind its last byte; undefined: it goes on in the next part. */
  readonly scan: (bytes: Uint8Array, from: number) => number | undefined
  /** How many lines ended in the value since `begin`. */
  readonly lines: () => number
}

const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST, COMMA, QUOTE, BACKSLASH, NEWLINE, SPACE, TAB, RETURN] =
  Buffer.from('{}[],"\\\n \t\r')

/** White space of JSON (RFC 8259, section 2). */
export function isSpace(byte: number): boolean {
  return byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB
}

export function isNewline(byte: number): boolean {
  return byte === NEWLINE
}

/** Where in a value the scan is, between two parts of it. */
interface Cursor {
  isNested: boolean
  depth: number
  isInText: boolean
  isEscaped: boolean
  lines: number
}

export function createValueScanner(): ValueScanner {
  let cursor = cursorAt(0)
  return {
    begin: (first) => {
      cursor = cursorAt(first)
    },
    scan: (bytes, from) => (cursor.isNested ? scanNested(cursor, bytes, from) : scanWord(bytes, from)),
    lines: () => cursor.lines,
  }
}

function cursorAt(first: number): Cursor {
  const isNested = first === OPEN_OBJECT || first === OPEN_LIST || first === QUOTE
  return { isNested, depth: 0, isInText: false, isEscaped: false, lines: 0 }
}

/** An object, a list or a text. */
function scanNested(cursor: Cursor, bytes: Uint8Array, from: number): number | undefined {
  for (let at = from; at < bytes.length; at += 1) {
    if (cursor.isInText) {
      at = endOfText(cursor, bytes, at)
      cursor.isInText = at === bytes.length
    } else {
      take(cursor, bytes[at] ?? 0)
    }
    if (cursor.depth === 0 && !cursor.isInText) return at + 1
  }
  return undefined
}

function take(cursor: Cursor, byte: number): void {
  switch (byte) {
    case QUOTE:
      cursor.isInText = true
      break
    case OPEN_OBJECT:
    case OPEN_LIST:
      cursor.depth += 1
      break
    case CLOSE_OBJECT:
    case CLOSE_LIST:
      cursor.depth -= 1
      break
    case NEWLINE:
      cursor.lines += 1
  }
}

/** The quote that ends a text, passing over what is escaped. */
function endOfText(cursor: Cursor, bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (cursor.isEscaped) cursor.isEscaped = false
    else if (byte === BACKSLASH) cursor.isEscaped = true
    else if (byte === QUOTE) return at
  }
  return bytes.length
}

/** A number, true, false or null. */
function scanWord(bytes: Uint8Array, from: number): number | undefined {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (isSpace(byte) || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST) return at
  }
  return undefined
}
