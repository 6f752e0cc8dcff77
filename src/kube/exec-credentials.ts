import type { Clock, Instant } from '../core/ports.ts'
import { areSame, type Credentials, type RequestHeaders } from './credentials.ts'
import { runExecPlugin, type ExecAnswer, type ExecPlugin } from './exec-plugin.ts'

/** Credentials from a plugin, which may include a client certificate and its key, in PEM. */
export interface ExecCredentials extends Credentials {
  certificate(): Promise<{ readonly cert?: string; readonly key?: string }>
}

/** A token is replaced this long before it ends: the plugin takes a second, and clocks differ. */
const SKEW_SECONDS = 60

/**
 * Credentials from a command (`aws eks get-token` …).
 *
 * Guarantees: the command runs once at a time, however many requests wait; again shortly before its answer ends, while
 * the old one is still used; and after a refusal.
 */
export function createExecCredentials(plugin: ExecPlugin, clock: Clock): ExecCredentials {
  let current: ExecAnswer | undefined
  let running: Promise<ExecAnswer> | undefined

  const run = (): Promise<ExecAnswer> => (running ??= runOnce())
  async function runOnce(): Promise<ExecAnswer> {
    try {
      current = await runExecPlugin(plugin, clock)
      return current
    } finally {
      running = undefined
    }
  }

  function ask(): Promise<ExecAnswer> {
    if (current === undefined || clock.now() >= current.expiresAt) return run()
    // Nobody has to wait for the next one, nor to suffer if there is none: the time of the old one is not over.
    if (clock.now() >= renewalOf(current)) run().catch(() => undefined)
    return Promise.resolve(current)
  }

  return {
    headers: async () => headersOf(await ask()),
    certificate: async () => {
      const { certificate, key } = await ask()
      return { ...(certificate !== undefined && { cert: certificate }), ...(key !== undefined && { key }) }
    },
    refused: (used) => {
      if (current !== undefined && areSame(used, headersOf(current))) current = undefined
    },
  }
}

/** Not more than a fifth of a short life. */
function renewalOf({ expiresAt, issuedAt }: ExecAnswer): Instant {
  return expiresAt - Math.min(SKEW_SECONDS * 1000, (expiresAt - issuedAt) / 5)
}

function headersOf({ token }: ExecAnswer): RequestHeaders {
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}
