import type { InputLogEvent, PutLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs'
import type { Call } from '../../service.ts'
import { findGroup, findStream, invalidParameter } from './find.ts'
import { LEDGER } from './ledger.ts'
import type { LogEventState, LogGroupState, LogsState } from './state.ts'

interface PutLogEventsInput {
  readonly logGroupName: string
  readonly logStreamName: string
  readonly logEvents: readonly (InputLogEvent & { readonly timestamp: number; readonly message: string })[]
}

export function putLogEvents(input: PutLogEventsInput, state: LogsState, call: Call): PutLogEventsResponse {
  const group = findGroup(input.logGroupName, state)
  const stream = findStream(input.logStreamName, group)
  const events = input.logEvents
  if (events.some((event, index) => event.timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.')
  }
  const nowMs = call.clock.now()
  const limits = limitsFor(group, nowMs)
  const accepted = events.filter(({ timestamp }) => timestamp >= limits.oldestMs && timestamp <= limits.newestMs)
  stream.events.push(
    ...accepted.map((event): LogEventState => ({
      id: call.uuid(),
      timestampMs: event.timestamp,
      ingestedAtMs: nowMs,
      message: event.message,
    })),
  )
  stream.events.sort((left, right) => left.timestampMs - right.timestampMs)
  return { nextSequenceToken: call.uuid(), ...rejections(events, limits) }
}

interface Limits {
  readonly oldestMs: number
  readonly expiredMs: number
  readonly newestMs: number
}

const DAY_MS = 24 * 3600 * 1000

function limitsFor({ retentionDays = Infinity }: LogGroupState, nowMs: number): Limits {
  const expiredMs = nowMs - retentionDays * DAY_MS
  return {
    oldestMs: Math.max(expiredMs, nowMs - LEDGER.eventAgeDaysMax.value * DAY_MS),
    expiredMs,
    newestMs: nowMs + LEDGER.eventAheadSecondsMax.value * 1000,
  }
}

/** Events are in order, so those that are refused are a head and a tail, told by index. */
function rejections(
  events: readonly { readonly timestamp: number }[],
  { oldestMs, expiredMs, newestMs }: Limits,
): Pick<PutLogEventsResponse, 'rejectedLogEventsInfo'> {
  const tooOld = events.filter(({ timestamp }) => timestamp < oldestMs).length
  const expired = events.filter(({ timestamp }) => timestamp < expiredMs).length
  const tooNew = events.findIndex(({ timestamp }) => timestamp > newestMs)
  if (tooOld === 0 && tooNew < 0) return {}
  return {
    rejectedLogEventsInfo: {
      ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
      ...(expired > 0 && { expiredLogEventEndIndex: expired }),
      ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
    },
  }
}
