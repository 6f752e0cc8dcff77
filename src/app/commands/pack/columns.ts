import type { Palette } from '../world/colour.ts'

/** What tables are written on. */
export interface Paper {
  readonly palette: Palette
  readonly columns: number
}

/** A column of a table for people. */
export interface Column {
  readonly title: string
  readonly cells: readonly Cell[]
  readonly align: 'left' | 'right'
  /** Columns with a higher number go first when the terminal is too narrow; 0: never. */
  readonly expendable: number
}

export interface Cell {
  readonly text: string
  /** Puts colour on it; it may not change how wide it is. */
  readonly paint?: (text: string) => string
}

const GAP = '  '

/** Lines of a table, its titles first, as wide as its content, but not wider than `most` if columns can go. */
export function tableLines(
  columns: readonly Column[],
  most: number,
  paintTitle: (text: string) => string,
): readonly string[] {
  const kept = fitting(columns, most)
  const widths = kept.map(widthOf)
  const rows = kept[0]?.cells.length ?? 0
  const line = (cellOf: (column: Column) => Cell): string =>
    kept
      .map((column, index) => padded(cellOf(column), column.align, widths[index] ?? 0))
      .join(GAP)
      .trimEnd()
  return [
    line(({ title }) => ({ text: title, paint: paintTitle })),
    ...Array.from({ length: rows }, (_, row) => line(({ cells }) => cells[row] ?? { text: '' })),
  ]
}

function fitting(columns: readonly Column[], most: number): readonly Column[] {
  const width = columns.reduce((sum, column) => sum + widthOf(column) + GAP.length, -GAP.length)
  const leastNeeded = Math.max(...columns.map(({ expendable }) => expendable))
  if (width <= most || leastNeeded === 0) return columns
  return fitting(
    columns.filter(({ expendable }) => expendable !== leastNeeded),
    most,
  )
}

function widthOf({ title, cells }: Column): number {
  return Math.max(title.length, ...cells.map(({ text }) => text.length))
}

function padded({ text, paint = (same) => same }: Cell, align: Column['align'], width: number): string {
  const space = ' '.repeat(width - text.length)
  return align === 'right' ? `${space}${paint(text)}` : `${paint(text)}${space}`
}
