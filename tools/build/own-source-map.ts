/** A source map, version 3 (ECMA-426). */
export interface SourceMap {
  readonly version: number
  readonly sources: readonly string[]
  readonly mappings: string
}

/** One entry of a map: a column of the bundle, and, where it has one, its place in a source. */
interface Segment {
  readonly column: number
  readonly origin: Origin | undefined
}

interface Origin {
  readonly source: number
  readonly line: number
  readonly column: number
}

/** Sources as seen from the folder of the bundles. */
const OURS = /^\.\.\/src\//

/**
 * The map without what belongs to packages, and with one entry for each line of a source: what a stack trace of ours says.
 * Node unpacks the whole map into its heap when it first writes a stack; the full one takes 40 MiB there.
 */
export function ownSourceMap({ version, sources, mappings }: SourceMap): SourceMap {
  const kept = new Map<number, number>()
  const isOwn = (source: number): boolean => OURS.test(sources[source] ?? '')
  const renumbered = (source: number): number => {
    const number = kept.get(source) ?? kept.size
    kept.set(source, number)
    return number
  }
  const lines = segmentsOf(mappings).map((segments) => thinned(segments.map((segment) => owned(segment, isOwn))))
  const packed = packedLines(
    lines.map((segments) =>
      segments.map(({ column, origin }) => ({
        column,
        origin: origin && { ...origin, source: renumbered(origin.source) },
      })),
    ),
  )
  return { version, sources: [...kept.keys()].map((source) => sources[source] ?? ''), mappings: packed }
}

/** A place in a package is no place: without an entry the one before it would claim what follows. */
function owned(segment: Segment, isOwn: (source: number) => boolean): Segment {
  return segment.origin && isOwn(segment.origin.source) ? segment : { column: segment.column, origin: undefined }
}

function thinned(segments: readonly Segment[]): readonly Segment[] {
  return segments.filter(({ origin }, index) => {
    const before = segments[index - 1]
    return before === undefined || before.origin?.source !== origin?.source || before.origin?.line !== origin?.line
  })
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES: ReadonlyMap<string, number> = new Map(DIGITS.split('').map((digit, value) => [digit, value]))
/** The sixth bit of a digit: the number goes on. */
const CONTINUES = 32

function segmentsOf(mappings: string): readonly (readonly Segment[])[] {
  // All but the column count on from the entry before, across lines.
  let [source, line, column] = [0, 0, 0]
  return mappings.split(';').map((text) => {
    let generated = 0
    const entries = text === '' ? [] : text.split(',')
    return entries.map((entry): Segment => {
      const [columns = 0, ...place] = numbersOf(entry)
      generated += columns
      const [sources, lines = 0, sourceColumns = 0] = place
      if (sources === undefined) return { column: generated, origin: undefined }
      source += sources
      line += lines
      column += sourceColumns
      return { column: generated, origin: { source, line, column } }
    })
  })
}

function packedLines(lines: readonly (readonly Segment[])[]): string {
  let before: Origin = { source: 0, line: 0, column: 0 }
  return lines
    .map((segments) => {
      let generated = 0
      return segments
        .map(({ column, origin }) => {
          const columns = column - generated
          generated = column
          if (origin === undefined) return packed(columns)
          const { source, line, column: sourceColumn } = before
          before = origin
          return packed(columns, origin.source - source, origin.line - line, origin.column - sourceColumn)
        })
        .join(',')
    })
    .join(';')
}

/** Base64 VLQ: five bits a digit, lowest first, the sign in the lowest bit of all. */
function numbersOf(entry: string): readonly number[] {
  const numbers: number[] = []
  let [value, shift] = [0, 0]
  for (const character of entry) {
    const digit = VALUES.get(character) ?? 0
    value += (digit & (CONTINUES - 1)) << shift
    shift += 5
    if (digit & CONTINUES) continue
    numbers.push(value & 1 ? -(value >> 1) : value >> 1)
    ;[value, shift] = [0, 0]
  }
  return numbers
}

function packed(...numbers: readonly number[]): string {
  return numbers.map(packedNumber).join('')
}

function packedNumber(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1
  let text = ''
  do {
    const digit = rest & (CONTINUES - 1)
    rest >>>= 5
    text += DIGITS[rest > 0 ? digit | CONTINUES : digit] ?? ''
  } while (rest > 0)
  return text
}
