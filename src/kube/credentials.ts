import { readFile } from 'node:fs/promises'
import type { User } from '@kubernetes/client-node/dist/config_types.js'
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js'
import { Failure } from '../core/failure.ts'
import type { Clock, Instant } from '../core/ports.ts'

export type RequestHeaders = Readonly<Record<string, string>>

/** Who we are to the API server. */
export interface Credentials {
  /** Headers that authenticate a request; cheap, asked for every request. Throws `Failure` (`credentials`). */
  headers(): Promise<RequestHeaders>
  /** The server refused what `headers` gave: do not use it again if something fresher can be had. */
  refused(): void
}

/** The kubelet renews a projected token long before it ends; looking once a minute is what client-go does. */
const TOKEN_MAX_AGE_SECONDS = 60

export function createFixedCredentials(headers: RequestHeaders): Credentials {
  return { headers: () => Promise.resolve(headers), refused: () => {} }
}

/** A bearer token that somebody else keeps fresh in a file. */
export function createTokenFileCredentials(path: string, clock: Clock): Credentials {
  let current: { readonly headers: RequestHeaders; readonly readAt: Instant } | undefined
  let reading: Promise<RequestHeaders> | undefined

  async function read(): Promise<RequestHeaders> {
    try {
      const token = (await readFile(path, 'utf8')).trim()
      current = { headers: { authorization: `Bearer ${token}` }, readAt: clock.now() }
      return current.headers
    } catch (cause) {
      // The old token may well be valid still; if not, the server will say so.
      if (current !== undefined) return current.headers
      throw new Failure('credentials', 'read token file', { cause })
    } finally {
      reading = undefined
    }
  }

  return {
    headers: () => {
      const isFresh = current !== undefined && clock.now() - current.readAt < TOKEN_MAX_AGE_SECONDS * 1000
      if (current !== undefined && isFresh) return Promise.resolve(current.headers)
      return (reading ??= read())
    },
    refused: () => {
      if (current !== undefined) current = { ...current, readAt: -Infinity }
    },
  }
}

export interface ExecCredentials extends Credentials {
  /** Client certificate and key in PEM, if the plugin provides them. */
  certificate(): Promise<{ readonly cert?: string; readonly key?: string }>
}

/** Credentials from a command (`aws eks get-token` …): the client's `exec` plugin protocol, cached until they expire. */
export function createExecCredentials(user: User): ExecCredentials {
  // The plugin's cache goes by user name alone, so each connection has one of its own.
  let plugin = new ExecAuth()
  let running: Promise<PluginAnswer> | undefined

  async function run(): Promise<PluginAnswer> {
    const answer: PluginAnswer = { headers: {} }
    try {
      await plugin.applyAuthentication(user, answer)
      return answer
    } catch (cause) {
      throw new Failure('credentials', 'run credential plugin', { cause })
    } finally {
      running = undefined
    }
  }

  const ask = (): Promise<PluginAnswer> => (running ??= run())
  return {
    headers: async () => authorizationFrom((await ask()).headers),
    certificate: async () => {
      const { cert, key } = await ask()
      return { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) }
    },
    refused: () => {
      plugin = new ExecAuth()
    },
  }
}

/** What the plugin fills in, of all that `https.RequestOptions` could hold. */
interface PluginAnswer {
  readonly headers: Record<string, string>
  cert?: string
  key?: string
}

function authorizationFrom(headers: Readonly<Record<string, string>>): RequestHeaders {
  const authorization = headers['Authorization']
  return authorization === undefined ? {} : { authorization }
}
