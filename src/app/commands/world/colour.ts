import type { Terminal } from '../../command.ts'

/** Puts colour on a text, or leaves it alone. */
export interface Palette {
  readonly green: (text: string) => string
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
}

/** Colours where a person watches, and not even there when NO_COLOR is set to anything (https://no-color.org). */
export function isColoured({ isInteractive, environment }: Pick<Terminal, 'isInteractive' | 'environment'>): boolean {
  return isInteractive && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb'
}

export function paletteFor(terminal: Pick<Terminal, 'isInteractive' | 'environment'>): Palette {
  return paletteThat(isColoured(terminal) ? 'colours' : 'is plain')
}

/** The palette of somebody who knows already whether colours are wanted. */
export function paletteThat(does: 'colours' | 'is plain'): Palette {
  const code = (start: number, end: number) => (text: string) =>
    does === 'colours' ? `\u001B[${start}m${text}\u001B[${end}m` : text
  return { green: code(32, 39), red: code(31, 39), yellow: code(33, 39), bold: code(1, 22), dim: code(2, 22) }
}
