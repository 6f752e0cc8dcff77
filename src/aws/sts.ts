import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import { Failure } from '../core/failure.ts'
import type { SendTo } from './send.ts'

/** Whose credentials are in use. */
export interface CallerIdentity {
  /** Twelve digits. */
  readonly accountId: string
  readonly arn: string
}

export interface StsPort {
  readonly callerIdentity: (signal: AbortSignal) => Promise<CallerIdentity>
}

export function createStsPort(send: SendTo<STSClient>): StsPort {
  return {
    callerIdentity: async (signal) => {
      const { Account: accountId, Arn: arn } = await send(new GetCallerIdentityCommand({}), signal)
      if (!accountId || !arn) {
        throw new Failure('unexpected', 'sts:GetCallerIdentity', { message: 'sts:GetCallerIdentity named no account' })
      }
      return { accountId, arn }
    },
  }
}
