import type { AwsSession } from '../aws/session.ts'
import { createSharedCall } from '../aws/shared-call.ts'
import type { Scope } from '../reconciler/resource.ts'

export type ScopeFor = (signal: AbortSignal) => Promise<Scope>

/**
 * The operator's own credentials and region serve every object. Whose credentials they are is asked once for each access
 * key: a key never changes its account, but the credentials may be exchanged while we run. Throws `Failure` when AWS does
 * not accept them.
 */
export function createOwnScope(session: AwsSession, region: string): ScopeFor {
  let known: { readonly accessKeyId: string; readonly scope: Scope } | undefined
  const ask = createSharedCall('sts:GetCallerIdentity', async (signal) => {
    // Before the call: credentials that are exchanged during it are asked for again.
    const accessKeyId = await session.sts.accessKeyId()
    known = { accessKeyId, scope: await askScope(session, region, signal) }
  })
  return async (signal) => {
    for (;;) {
      const accessKeyId = await session.sts.accessKeyId()
      if (known?.accessKeyId === accessKeyId) return known.scope
      await ask(signal)
    }
  }
}

async function askScope(session: AwsSession, region: string, signal: AbortSignal): Promise<Scope> {
  const { accountId, arn } = await session.sts.callerIdentity(signal)
  const [, partition = 'aws'] = arn.split(':')
  return { accountId, region, partition, aws: session }
}
