import { createHash } from 'node:crypto'
import type { Event } from '@aws-sdk/client-cloudtrail'
import type { LoggedCall } from '../../call-log.ts'
import { isRecord } from '../../protocol/http.ts'
import { isRead } from '../../read.ts'
import type { Call } from '../../service.ts'
import { secondsOf, userIdentityOf, usernameOf } from './identity.ts'

/** Handling log events is data, and a call that was lost on its way never reached AWS. */
const DATA_EVENTS: ReadonlySet<string> = new Set(['logs:PutLogEvents', 'logs:GetLogEvents', 'logs:FilterLogEvents'])

/** Whether a call is a management event of the caller's account and region. */
export function isManagementEvent(logged: LoggedCall, { accountId, region }: Call): boolean {
  if (logged.accountId !== accountId || logged.region !== region) return false
  return logged.errorCode !== 'ConnectionLost' && !DATA_EVENTS.has(`${logged.service}:${logged.operation}`)
}

/** The event of a call, as lookups answer it. */
export function eventFrom(logged: LoggedCall, call: Call): Event {
  const { endMs, operation, service, accessKeyId } = logged
  const identity = userIdentityOf(logged, call)
  const resources = resourcesOf(logged, call)
  const eventId = eventIdOf(logged)
  const record = {
    eventVersion: '1.11',
    userIdentity: identity,
    eventTime: secondsOf(endMs),
    eventSource: sourceOf(service),
    eventName: operation,
    awsRegion: logged.region,
    sourceIPAddress: logged.sourceIPAddress,
    userAgent: logged.userAgent,
    errorCode: logged.errorCode,
    errorMessage: logged.errorMessage,
    requestParameters: logged.parameters,
    responseElements: null,
    requestID: logged.requestId,
    eventID: eventId,
    readOnly: isReadOnly(operation),
    ...(resources.length > 0 && { resources }),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: logged.accountId,
    eventCategory: 'Management',
  }
  return {
    EventId: eventId,
    EventName: operation,
    ReadOnly: String(isReadOnly(operation)),
    AccessKeyId: accessKeyId,
    EventTime: new Date(endMs),
    EventSource: sourceOf(service),
    Username: usernameOf(identity),
    Resources: resources.map(({ ARN, type }) => ({ ResourceName: ARN, ResourceType: type })),
    CloudTrailEvent: JSON.stringify(record),
  }
}

/** CloudTrail's own id of an event; the same for the same call. */
function eventIdOf({ requestId }: LoggedCall): string {
  const hex = createHash('sha256').update(requestId).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

function sourceOf(service: string): string {
  return `${service}.amazonaws.com`
}

/** Records of STS call AssumeRole read-only: it changes nothing but hands out credentials. */
function isReadOnly(operation: string): boolean {
  return isRead(operation) || operation.startsWith('AssumeRole')
}

function resourcesOf({ service, parameters }: LoggedCall, { accountId, region, partition }: Call) {
  const name = service === 'ecr' && isRecord(parameters) ? parameters['repositoryName'] : undefined
  if (typeof name !== 'string') return []
  return [
    { accountId, type: 'AWS::ECR::Repository', ARN: `arn:${partition}:ecr:${region}:${accountId}:repository/${name}` },
  ]
}
