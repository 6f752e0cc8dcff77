import type { LogFields, Logger } from '../../../src/core/ports.ts'
import { SECRET } from './slots.ts'

/** A log that only keeps what should not have been said. */
export interface WatchfulLog {
  readonly log: Logger
  readonly scandals: readonly string[]
}

export function createWatchfulLog(): WatchfulLog {
  const scandals: string[] = []
  const heed = (fields: LogFields, message: string): string => {
    const line = `${message} ${JSON.stringify(fields, withErrors)}`
    if (line.includes(SECRET)) scandals.push(`a secret in the log: ${message}`)
    return line
  }
  const log: Logger = {
    debug: heed,
    info: heed,
    warn: heed,
    error: (fields, message) => void scandals.push(`an error in the log: ${heed(fields, message)}`),
    child: () => log,
  }
  return { log, scandals }
}

function withErrors(_: string, value: unknown): unknown {
  return value instanceof Error ? `${value.stack} ${JSON.stringify(value.cause, withErrors)}` : value
}
