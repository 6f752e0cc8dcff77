import * as schemas from '@aws-sdk/client-sts'
import type { Call, SimulatedService } from '../../service.ts'
import { AwsFault } from '../../service.ts'
import { temporaryKeyFor, userArnOf } from '../../account.ts'
import { LEDGER } from './ledger.ts'

/** A session that `AssumeRole` began. */
interface Session {
  readonly arn: string
  readonly roleArn: string
  readonly userId: string
  readonly accountId: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

export interface StsState {
  /** By temporary access key. */
  readonly sessions: Record<string, Session>
}

/** AWS Security Token Service. One state for all accounts, because roles are assumed across them. */
export const sts: SimulatedService<StsState> = {
  id: 'sts',
  schemas,
  stateScope: 'world',
  createState: () => ({ sessions: {} }),
  operations: {
    GetCallerIdentity: getCallerIdentity,
    AssumeRole: assumeRole,
    AssumeRoleWithWebIdentity: assumeRole,
    GetAccessKeyInfo: getAccessKeyInfo,
  },
}

function getCallerIdentity(_input: unknown, state: StsState, call: Call): schemas.GetCallerIdentityResponse {
  const session = state.sessions[call.accessKeyId]
  if (!session) {
    return {
      Account: call.accountId,
      UserId: call.accessKeyId,
      Arn: userArnOf(call.partition, call),
    }
  }
  if (session.expiresAtMs <= call.clock.now()) {
    throw new AwsFault('ExpiredToken', 'The security token included in the request is expired')
  }
  return { Account: session.accountId, UserId: session.userId, Arn: session.arn }
}

interface RoleRequest {
  readonly RoleArn: string
  readonly RoleSessionName: string
  readonly DurationSeconds?: number
}

function assumeRole(input: RoleRequest, state: StsState, call: Call): schemas.AssumeRoleResponse {
  const role = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(input.RoleArn)
  if (!role) throw new AwsFault('ValidationError', `${input.RoleArn} is invalid`)
  const [, accountId = '', roleName = ''] = role
  const accessKeyId = temporaryKeyFor(accountId, Object.keys(state.sessions).length)
  const createdAtMs = call.clock.now()
  const expiresAtMs = createdAtMs + (input.DurationSeconds ?? LEDGER.sessionSeconds.value) * 1000
  const userId = `AROA${accountId}${roleName}:${input.RoleSessionName}`
  const arn = `arn:${call.partition}:sts::${accountId}:assumed-role/${roleName}/${input.RoleSessionName}`
  state.sessions[accessKeyId] = { arn, roleArn: input.RoleArn, userId, accountId, createdAtMs, expiresAtMs }
  return {
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: 'simulated-secret',
      SessionToken: 'simulated-token',
      Expiration: new Date(expiresAtMs),
    },
  }
}

function getAccessKeyInfo(
  input: schemas.GetAccessKeyInfoRequest,
  _state: StsState,
  call: Call,
): schemas.GetAccessKeyInfoResponse {
  return { Account: /^A[KS]IA(\d{12})/.exec(input.AccessKeyId ?? '')?.[1] ?? call.accountId }
}
