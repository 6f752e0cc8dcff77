import process from 'node:process'

const POLL_MILLISECONDS = 500

/**
 * Fires when this program should end: it was told to (Ctrl-C, SIGTERM, SIGHUP), or the process that started it is gone
 * (a killed `npm` tells nobody).
 */
export function endSignal(): AbortSignal {
  const ending = new AbortController()
  const end = (): void => ending.abort(new Error('told to end'))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  const parent = process.ppid
  setInterval(() => process.ppid === parent || end(), POLL_MILLISECONDS).unref()
  return ending.signal
}
