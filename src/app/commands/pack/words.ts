import type { Paper } from './columns.ts'

// Words and figures that tables for people have in common.

export function more(count: number, what: string): readonly string[] {
  return count > 0 ? [`and ${count} ${what}`] : []
}

export function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`
}

export function price(usdPerHour: number): string {
  return usdPerHour.toFixed(4)
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(amount < 10 ? 4 : 2)}`
}

/** Lines under a title; nothing, when there are none. */
export function section(title: string, lines: readonly string[], { palette }: Paper): readonly string[] {
  return lines.length === 0 ? [] : [palette.bold(title), ...lines.map((line) => `  ${line}`)]
}
