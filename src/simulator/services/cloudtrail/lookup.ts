import type { Event, LookupAttribute, LookupEventsRequest, LookupEventsResponse } from '@aws-sdk/client-cloudtrail'
import type { LoggedCall } from '../../call-log.ts'
import { AwsFault, type Call } from '../../service.ts'
import { LEDGER } from './ledger.ts'
import { eventFrom, isManagementEvent } from './record.ts'

/** Events of the caller's account and region, newest first, as soon as CloudTrail shows them. */
export function lookupEvents(input: LookupEventsRequest, _state: object, call: Call): LookupEventsResponse {
  checkRequest(input)
  // Nothing unusual ever happens here.
  if (input.EventCategory === 'insight') return { Events: [] }
  const [attribute] = input.LookupAttributes ?? []
  const wanted = visibleCalls(input, call).filter((logged) => isWanted(logged, attribute, call))
  const { calls, NextToken } = pageOf(wanted, input)
  return { Events: calls.map((logged) => eventFrom(logged, call)), ...(NextToken !== undefined && { NextToken }) }
}

function checkRequest({ LookupAttributes = [], StartTime, EndTime }: LookupEventsRequest): void {
  if (LookupAttributes.length > LEDGER.attributes.value)
    throw new AwsFault('InvalidLookupAttributesException', 'Only one lookup attribute may be given.')
  if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime)
    throw new AwsFault('InvalidTimeRangeException', 'The start time is after the end time.')
}

function visibleCalls({ StartTime, EndTime }: LookupEventsRequest, call: Call): readonly LoggedCall[] {
  const delaySeconds = call.scenario.eventDelaySeconds ?? LEDGER.delaySeconds.value
  const now = call.clock.now()
  const oldest = Math.max(now - LEDGER.keptDays.value * 86_400_000, StartTime?.getTime() ?? 0)
  const newest = Math.min(now - delaySeconds * 1000, EndTime?.getTime() ?? Infinity)
  return call
    .calls()
    .filter((logged) => logged.endMs >= oldest && logged.endMs <= newest && isManagementEvent(logged, call))
    .toReversed()
}

function isWanted(logged: LoggedCall, attribute: LookupAttribute | undefined, call: Call): boolean {
  if (attribute === undefined) return true
  const { AttributeKey: key, AttributeValue: value } = attribute
  // The others need the whole event, of each of very many calls.
  if (key === 'EventName') return logged.operation === value
  return valuesOf(eventFrom(logged, call), key).includes(value)
}

function valuesOf(event: Event, key: LookupAttribute['AttributeKey']): readonly (string | undefined)[] {
  switch (key) {
    case 'ResourceName':
      return (event.Resources ?? []).map(({ ResourceName }) => ResourceName)
    case 'ResourceType':
      return (event.Resources ?? []).map(({ ResourceType }) => ResourceType)
    case undefined:
      return []
    default:
      return [event[key]]
  }
}

interface Page {
  readonly calls: readonly LoggedCall[]
  readonly NextToken: string | undefined
}

/** A page continues behind the last call of the one before, whatever came in between. */
function pageOf(calls: readonly LoggedCall[], input: LookupEventsRequest): Page {
  const { NextToken, MaxResults = LEDGER.pageSize.value, ...request } = input
  const start = NextToken === undefined ? 0 : startFrom(NextToken, request, calls)
  const page = calls.slice(start, start + MaxResults)
  const last = page.at(-1)
  const isLast = last === undefined || start + page.length >= calls.length
  return { calls: page, NextToken: isLast ? undefined : tokenFor(last, request) }
}

/** A token is good for the same request alone. */
function tokenFor({ requestId }: LoggedCall, request: object): string {
  return Buffer.from(`${JSON.stringify(request)}\n${requestId}`).toString('base64')
}

function startFrom(token: string, request: object, calls: readonly LoggedCall[]): number {
  const index = calls.findIndex((logged) => tokenFor(logged, request) === token)
  if (index < 0) throw new AwsFault('InvalidNextTokenException', 'The token belongs to no such lookup.')
  return index + 1
}
