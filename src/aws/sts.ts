import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import { Failure } from '../core/failure.ts'
import type { CredentialsInUse } from './courier.ts'
import { failureFrom } from './errors.ts'
import type { SendTo } from './send.ts'

/** Whose credentials are in use. */
export interface CallerIdentity {
  /** Twelve digits. */
  readonly accountId: string
  readonly arn: string
}

export interface StsPort {
  readonly callerIdentity: (signal: AbortSignal) => Promise<CallerIdentity>
  /** Id of the access key that calls are signed with now. Costs no call, unless the credentials have to be renewed. */
  readonly accessKeyId: () => Promise<string>
}

interface StsPortOptions {
  readonly send: SendTo<STSClient>
  readonly credentials: CredentialsInUse
}

export function createStsPort({ send, credentials }: StsPortOptions): StsPort {
  return {
    accessKeyId: async () => {
      try {
        return (await credentials()).accessKeyId
      } catch (error) {
        throw failureFrom(error, 'sts:GetCallerIdentity')
      }
    },
    callerIdentity: async (signal) => {
      const { Account: accountId, Arn: arn } = await send(new GetCallerIdentityCommand({}), signal)
      if (!accountId || !arn) {
        throw new Failure('unexpected', 'sts:GetCallerIdentity', { message: 'sts:GetCallerIdentity named no account' })
      }
      return { accountId, arn }
    },
  }
}
