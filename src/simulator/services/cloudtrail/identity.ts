import { userArnOf } from '../../account.ts'
import type { LoggedCall } from '../../call-log.ts'
import type { Call } from '../../service.ts'
import { sts } from '../sts/index.ts'

/** Who made a call, as the element `userIdentity` has it (AWS CloudTrail User Guide, "CloudTrail userIdentity element"). */
export interface UserIdentity {
  readonly type: 'AssumedRole' | 'IAMUser'
  readonly principalId: string
  readonly arn: string
  readonly accountId: string
  readonly accessKeyId: string
  readonly userName?: string
  readonly sessionContext?: object
}

export function userIdentityOf({ accessKeyId, accountId }: LoggedCall, call: Call): UserIdentity {
  const session = call.peer(sts).sessions[accessKeyId]
  if (session === undefined) {
    const arn = userArnOf(call.partition, { accountId, accessKeyId })
    return { type: 'IAMUser', principalId: accessKeyId, arn, accountId, accessKeyId, userName: accessKeyId }
  }
  const { arn, roleArn, userId: principalId, createdAtMs } = session
  const [issuerId = ''] = principalId.split(':')
  const userName = roleArn.slice(roleArn.lastIndexOf('/') + 1)
  const sessionContext = {
    sessionIssuer: { type: 'Role', principalId: issuerId, arn: roleArn, accountId, userName },
    attributes: { creationDate: secondsOf(createdAtMs), mfaAuthenticated: 'false' },
  }
  return { type: 'AssumedRole', principalId, arn, accountId, accessKeyId, sessionContext }
}

/** The name that events are looked up by: the user's, or that of the role session. */
export function usernameOf({ userName, arn }: UserIdentity): string {
  return userName ?? arn.slice(arn.lastIndexOf('/') + 1)
}

/** Times in records have no fractions of seconds. */
export function secondsOf(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`
}
