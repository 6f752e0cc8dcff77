import { AwsFault } from '../service.ts'
import type { TimestampFormat } from './shape.ts'

type Format = Exclude<TimestampFormat, 'default'>

/** A `Date` as its protocol writes it; milliseconds are kept where the format has them. */
export function writeTimestamp(date: Date, format: Format): string | number {
  switch (format) {
    case 'epoch-seconds':
      return date.getTime() / 1000
    case 'http-date':
      return date.toUTCString()
    case 'date-time':
      return date.toISOString().replace('.000Z', 'Z')
  }
}

/** Reads what `writeTimestamp` writes; a number, also as text, is taken as seconds since the epoch. */
export function parseTimestamp(raw: unknown, path: string): Date {
  const date = new Date(isNumeric(raw) ? Number(raw) * 1000 : String(raw))
  if (Number.isNaN(date.getTime())) throw new AwsFault('SerializationException', `${path} is no timestamp`)
  return date
}

function isNumeric(raw: unknown): boolean {
  return typeof raw === 'number' || (typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw))
}

/** The member's own format, else the one that the protocol uses in that place. */
export function formatOr(format: TimestampFormat, protocolDefault: Format): Format {
  return format === 'default' ? protocolDefault : format
}
