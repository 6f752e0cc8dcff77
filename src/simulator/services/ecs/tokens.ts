import { LEDGER } from './ledger.ts'
import type { TokenRecord } from './state.ts'
import { fingerprint, now } from './world.ts'
import type { World } from './world.ts'

export interface TokenUse {
  /** Operation and cluster: the same token may mean other things elsewhere. */
  readonly scope: string
  readonly token: string | undefined
  /** The request without its token. */
  readonly request: unknown
}

const keyOf = ({ scope, token }: TokenUse): string => `${scope}\n${token}`

/** What the token did before, and whether it was for the same request; undefined if it is new or forgotten. */
export function recallToken(world: World, use: TokenUse): { arns: readonly string[]; isSame: boolean } | undefined {
  const record: TokenRecord | undefined = use.token === undefined ? undefined : world.state.tokens[keyOf(use)]
  if (!record || now(world) >= record.usedAt + LEDGER.tokenSeconds.value * 1000) return undefined
  return { arns: record.arns, isSame: record.fingerprint === fingerprint(use.request) }
}

export function rememberToken(world: World, use: TokenUse, arns: readonly string[]): void {
  if (use.token === undefined) return
  world.state.tokens[keyOf(use)] = { fingerprint: fingerprint(use.request), arns, usedAt: now(world) }
}
