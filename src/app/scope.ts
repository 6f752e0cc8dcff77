import type { AwsSession } from '../aws/session.ts'
import type { Clock, Instant } from '../core/ports.ts'
import type { Scope } from '../reconciler/resource.ts'

export type ScopeFor = (signal: AbortSignal) => Promise<Scope>

/** How long the answer to "whose credentials are these?" is believed: they may be exchanged while we run. */
const IDENTITY_SECONDS = 300

/** The operator's own credentials and region serve every object. Throws `Failure` when AWS does not accept them. */
export function createOwnScope(session: AwsSession, region: string, clock: Clock): ScopeFor {
  let known: { readonly scope: Promise<Scope>; readonly until: Instant } | undefined
  return async (signal) => {
    if (known === undefined || clock.now() >= known.until) {
      const scope = askScope(session, region, signal)
      known = { scope, until: clock.now() + IDENTITY_SECONDS * 1000 }
      // A failure is nobody's identity: the next pass asks again.
      scope.catch(() => {
        known = undefined
      })
    }
    return known.scope
  }
}

async function askScope(session: AwsSession, region: string, signal: AbortSignal): Promise<Scope> {
  const { accountId, arn } = await session.sts.callerIdentity(signal)
  const [, partition = 'aws'] = arn.split(':')
  return { accountId, region, partition, aws: session }
}
