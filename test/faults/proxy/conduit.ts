import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { ProxiedRequest } from './fault.ts'

export interface Pace {
  readonly bytes: number
  readonly everyMs: number
}

/** An answer that is being passed on, piece by piece, and what can be done to it meanwhile. */
export interface Conduit {
  readonly request: ProxiedRequest
  /** Passes nothing on any more, not even the end. */
  freeze(): void
  /** What comes within this time is passed on at its end. */
  hold(seconds: number): void
  /** Resets the connection. */
  reset(): void
  /** Passes on one half of the next piece, then ends: cleanly, or with a reset. */
  truncate(ending: 'clean' | 'reset'): void
}

interface Ends {
  readonly answer: IncomingMessage
  readonly response: ServerResponse
  /** Resets the connection of the client. */
  readonly reset: () => void
  /** Default: as it comes. */
  readonly pace?: Pace | undefined
}

/** Passes `answer` on to `response`. */
export function openConduit(request: ProxiedRequest, { answer, response, reset, pace }: Ends): Conduit {
  let truncation: 'clean' | 'reset' | undefined
  let isFrozen = false
  let heldUntilMs = -Infinity
  response.writeHead(answer.statusCode ?? 502, answer.headers)
  response.flushHeaders()

  async function pass(piece: Buffer): Promise<void> {
    const heldMs = heldUntilMs - performance.now()
    if (heldMs > 0) await setTimeout(heldMs)
    if (isFrozen) return
    if (truncation === undefined) {
      await write(response, piece, pace)
      return
    }
    await write(response, piece.subarray(0, piece.length / 2), undefined)
    // What is half a line for the client must have left before the end does.
    if (truncation === 'reset') await setTimeout(20).then(reset)
    else response.end()
  }
  async function passAll(): Promise<void> {
    for await (const piece of answer) {
      await pass(piece)
      if (response.writableEnded || response.destroyed) return
    }
    if (!isFrozen) response.end()
  }

  passAll().catch(reset)
  return {
    request,
    reset,
    freeze: () => (isFrozen = true),
    hold: (seconds) => (heldUntilMs = performance.now() + seconds * 1000),
    truncate: (ending) => (truncation = ending),
  }
}

async function write(response: ServerResponse, piece: Buffer, pace: Pace | undefined): Promise<void> {
  if (pace === undefined) {
    response.write(piece)
    return
  }
  for (let start = 0; start < piece.length && !response.destroyed; start += pace.bytes) {
    response.write(piece.subarray(start, start + pace.bytes))
    await setTimeout(pace.everyMs)
  }
}
