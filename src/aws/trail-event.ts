import type { Event } from '@aws-sdk/client-cloudtrail'
import { memberOf, stringIn } from '../core/json.ts'
import type { Instant } from '../core/ports.ts'

/** Who made a call ("CloudTrail userIdentity element", AWS CloudTrail User Guide). */
export interface Principal {
  /** `IAMUser`, `AssumedRole`, `Root`, `AWSService` … */
  readonly type: string
  readonly arn: string | undefined
  readonly userName: string | undefined
  /** Of a role: often the name of the person or the program. */
  readonly sessionName: string | undefined
  /** The AWS service that made the call for somebody: `cloudformation.amazonaws.com`. */
  readonly invokedBy: string | undefined
}

/** One call to AWS, as CloudTrail recorded it. */
export interface TrailEvent {
  /** What it is looked up by. */
  readonly id: string
  /** `ecs:UpdateService`. */
  readonly call: string
  readonly at: Instant
  readonly principal: Principal
  readonly userAgent: string
  /** The address of whoever called, or the name of an AWS service. */
  readonly from: string | undefined
  /** The credentials are of a session in the console. */
  readonly isConsoleSession: boolean
  /** Undefined: it succeeded. */
  readonly errorCode: string | undefined
  /** What was asked for, under the names of the service's API. */
  readonly parameters: unknown
}

/** An event of a lookup. What a record lacks is taken from what stands beside it. */
export function trailEventFrom({
  EventId,
  EventName,
  EventSource,
  EventTime,
  Username,
  CloudTrailEvent,
}: Event): TrailEvent {
  const record = recordFrom(CloudTrailEvent)
  return {
    id: EventId ?? '',
    call: `${(EventSource ?? '').replace(/\.amazonaws\.com$/, '')}:${EventName ?? ''}`,
    at: EventTime?.getTime() ?? 0,
    principal: principalFrom(memberOf(record, 'userIdentity'), Username),
    userAgent: stringIn(record, 'userAgent') ?? '',
    from: stringIn(record, 'sourceIPAddress'),
    isConsoleSession: stringIn(record, 'sessionCredentialFromConsole') === 'true',
    errorCode: stringIn(record, 'errorCode'),
    parameters: memberOf(record, 'requestParameters'),
  }
}

function principalFrom(identity: unknown, username: string | undefined): Principal {
  const arn = stringIn(identity, 'arn')
  return {
    type: stringIn(identity, 'type') ?? 'Unknown',
    arn,
    userName: stringIn(identity, 'userName') ?? username,
    sessionName: /:assumed-role\/.+\/([^/]+)$/.exec(arn ?? '')?.[1],
    invokedBy: stringIn(identity, 'invokedBy'),
  }
}

function recordFrom(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
