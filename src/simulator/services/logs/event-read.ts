import type {
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs'
import { pageOf } from '../../paging.ts'
import type { Call } from '../../service.ts'
import { findStream, invalidParameter } from './find.ts'
import { LEDGER } from './ledger.ts'
import type { LogEventState, LogGroupState, LogsState, LogStreamState } from './state.ts'
import { groupOf } from './stream.ts'

const DAY_MS = 24 * 3600 * 1000

interface Window {
  readonly startTime?: number | undefined
  readonly endTime?: number | undefined
}

/** Events within the retention and the window asked for. */
function visibleEvents(
  stream: LogStreamState,
  group: LogGroupState,
  { window, nowMs }: { window: Window; nowMs: number },
): readonly LogEventState[] {
  const { startTime = -Infinity, endTime = Infinity } = window
  const oldestMs = Math.max(startTime, nowMs - (group.retentionDays ?? Infinity) * DAY_MS)
  return stream.events.filter(({ timestampMs }) => timestampMs >= oldestMs && timestampMs < endTime)
}

/** Answers a slice; tokens name positions and direction, and at the end the same token comes back. */
export function getLogEvents(input: GetLogEventsRequest, state: LogsState, call: Call): GetLogEventsResponse {
  const group = groupOf(input, state)
  const stream = findStream(input.logStreamName, group)
  const events = visibleEvents(stream, group, { window: input, nowMs: call.clock.now() })
  const limit = input.limit ?? LEDGER.eventsLimit.value
  const { start, end } = sliceFor(input, events.length, limit)
  return {
    events: events.slice(start, end).map((event) => ({
      timestamp: event.timestampMs,
      message: event.message,
      ingestionTime: event.ingestedAtMs,
    })),
    nextForwardToken: `f/${String(end).padStart(10, '0')}`,
    nextBackwardToken: `b/${String(start).padStart(10, '0')}`,
  }
}

function sliceFor(input: GetLogEventsRequest, length: number, limit: number): { start: number; end: number } {
  if (input.nextToken !== undefined) {
    const [, direction, digits] = /^([fb])\/(\d{10})$/.exec(input.nextToken) ?? []
    if (direction === undefined) throw invalidParameter('The specified nextToken is invalid.')
    const position = Math.min(Number(digits), length)
    if (direction === 'f') return { start: position, end: Math.min(length, position + limit) }
    return { start: Math.max(0, position - limit), end: position }
  }
  return input.startFromHead === true
    ? { start: 0, end: Math.min(length, limit) }
    : { start: Math.max(0, length - limit), end: length }
}

export function filterLogEvents(input: FilterLogEventsRequest, state: LogsState, call: Call): FilterLogEventsResponse {
  const group = groupOf(input, state)
  const matches = matcherFor(input.filterPattern ?? '')
  const { logStreamNames, logStreamNamePrefix: prefix = '' } = input
  const streams = logStreamNames
    ? logStreamNames.map((name) => findStream(name, group))
    : Object.values(group.streams).filter((stream) => stream.name.startsWith(prefix))
  const nowMs = call.clock.now()
  const page = pageOf({
    items: streams.flatMap((stream) =>
      visibleEvents(stream, group, { window: input, nowMs })
        .filter(({ message }) => matches(message))
        .map((event) => ({ event, stream })),
    ),
    keyOf: ({ event }) => `${String(event.timestampMs).padStart(15, '0')} ${event.id}`,
    limit: input.limit ?? LEDGER.eventsLimit.value,
    token: input.nextToken,
    list: `logs:filter:${group.name}:${input.filterPattern ?? ''}`,
  })
  return {
    events: page.items.map(({ event, stream }) => ({
      logStreamName: stream.name,
      timestamp: event.timestampMs,
      message: event.message,
      ingestionTime: event.ingestedAtMs,
      eventId: event.id,
    })),
    ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
  }
}

/** Plain terms and quoted phrases, all of which must occur; other pattern syntax is refused rather than misread. */
function matcherFor(pattern: string): (message: string) => boolean {
  const terms = [...pattern.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => ({ quoted, plain }))
  if (terms.some(({ plain }) => plain !== undefined && /^[?\-{[%]/.test(plain))) {
    throw invalidParameter(`the AWS simulator knows only terms and quoted phrases in filterPattern, not ${pattern}`)
  }
  return (message) => terms.every(({ quoted, plain }) => message.includes(quoted ?? plain ?? ''))
}
