import { pino, stdSerializers, stdTimeFunctions, type DestinationStream, type Logger as Pino } from 'pino'
import type { LogFields, Logger } from '../core/ports.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface LoggerOptions {
  readonly level: LogLevel
  /** Default: standard output, written at once: a transport thread could lose the last lines of a crash. */
  readonly destination?: DestinationStream
}

/** A structured log, one line of JSON each: `time` in ISO 8601, `level` as a word, an `Error` in the field `error` with its causes. */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: stdSerializers.errWithCause },
  }
  return loggerFrom(destination === undefined ? pino(options) : pino(options, destination))
}

function loggerFrom(log: Pino): Logger {
  return {
    debug: (fields: LogFields, message) => {
      log.debug(fields, message)
    },
    info: (fields, message) => {
      log.info(fields, message)
    },
    warn: (fields, message) => {
      log.warn(fields, message)
    },
    error: (fields, message) => {
      log.error(fields, message)
    },
    child: (fields) => lazily(() => loggerFrom(log.child(fields))),
  }
}

/** Made when it has something to say: every pass has a logger of its own, and most say nothing. */
function lazily(open: () => Logger): Logger {
  let logger: Logger | undefined
  const opened = (): Logger => (logger ??= open())
  return {
    debug: (fields, message) => opened().debug(fields, message),
    info: (fields, message) => opened().info(fields, message),
    warn: (fields, message) => opened().warn(fields, message),
    error: (fields, message) => opened().error(fields, message),
    child: (fields) => opened().child(fields),
  }
}
