import { Failure } from '../core/failure.ts'
import type { Clock, Instant } from '../core/ports.ts'
import { readCredentialFile } from './credential-file.ts'

export type RequestHeaders = Readonly<Record<string, string>>

/** Who we are to the API server. */
export interface Credentials {
  /** Headers that authenticate a request; cheap, asked for every request. Throws `Failure` (`credentials`). */
  headers(): Promise<RequestHeaders>
  /** The server refused `used`, which `headers` gave: get something fresher, unless that has happened meanwhile. */
  refused(used: RequestHeaders): void
}

/** The kubelet renews a projected token long before it ends; looking once a minute is what client-go does. */
const MAX_AGE_SECONDS = 60

export function createFixedCredentials(headers: RequestHeaders): Credentials {
  return { headers: () => Promise.resolve(headers), refused: () => {} }
}

/** A bearer token that somebody else keeps fresh in a file. */
export function createTokenFileCredentials(path: string, clock: Clock): Credentials {
  const read = async (): Promise<RequestHeaders> => {
    const token = (await readCredentialFile(path)).trim()
    if (token === '') throw new Failure('credentials', `read ${path}`, { message: `${path} is empty` })
    return { authorization: `Bearer ${token}` }
  }
  return createReadCredentials(read, clock)
}

/** What `read` finds, read again once a minute and after a refusal. */
export function createReadCredentials(read: () => Promise<RequestHeaders>, clock: Clock): Credentials {
  let current: { readonly headers: RequestHeaders; readonly until: Instant } | undefined
  let reading: Promise<RequestHeaders> | undefined

  async function readAgain(): Promise<RequestHeaders> {
    try {
      const headers = await read()
      current = { headers, until: clock.now() + MAX_AGE_SECONDS * 1000 }
      return headers
    } catch (error) {
      // What we have may well be valid still; if not, the server will say so.
      if (current !== undefined) return current.headers
      throw error
    } finally {
      reading = undefined
    }
  }

  return {
    headers: () => {
      if (current !== undefined && clock.now() < current.until) return Promise.resolve(current.headers)
      return (reading ??= readAgain())
    },
    refused: (used) => {
      if (current !== undefined && areSame(used, current.headers)) current = { ...current, until: -Infinity }
    },
  }
}

/** The same identity as `credentials`, speaking for `user`. */
export function impersonating(credentials: Credentials, user: string): Credentials {
  return {
    headers: async () => ({ ...(await credentials.headers()), 'impersonate-user': user }),
    refused: (used) => {
      credentials.refused(used)
    },
  }
}

/** Whether two sets of headers authenticate with the same secret. */
export function areSame(a: RequestHeaders, b: RequestHeaders): boolean {
  return a['authorization'] === b['authorization']
}
