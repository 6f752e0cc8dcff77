import type { DescribeLogStreamsRequest, DescribeLogStreamsResponse, LogStream } from '@aws-sdk/client-cloudwatch-logs'
import { pageOf } from '../../paging.ts'
import { AwsFault, type Call } from '../../service.ts'
import { findGroup, findGroupByIdentifier, findStream } from './find.ts'
import { LEDGER } from './ledger.ts'
import type { LogGroupState, LogsState, LogStreamState } from './state.ts'

interface StreamInput {
  readonly logGroupName: string
  readonly logStreamName: string
}

export function createLogStream({ logGroupName, logStreamName }: StreamInput, state: LogsState, call: Call): object {
  const group = findGroup(logGroupName, state)
  if (group.streams[logStreamName])
    throw new AwsFault('ResourceAlreadyExistsException', 'The specified log stream already exists')
  group.streams[logStreamName] = {
    name: logStreamName,
    arn: `${group.arn}:log-stream:${logStreamName}`,
    createdAtMs: call.clock.now(),
    events: [],
  }
  return {}
}

export function deleteLogStream({ logGroupName, logStreamName }: StreamInput, state: LogsState): object {
  const group = findGroup(logGroupName, state)
  findStream(logStreamName, group)
  delete group.streams[logStreamName]
  return {}
}

export function describeLogStreams(input: DescribeLogStreamsRequest, state: LogsState): DescribeLogStreamsResponse {
  const group = groupOf(input, state)
  const { logStreamNamePrefix: prefix = '', orderBy = 'LogStreamName', descending = false } = input
  const order = orderBy === 'LastEventTime' ? keyByLastEvent : (stream: LogStreamState) => stream.name
  const streams = Object.values(group.streams).filter((stream) => stream.name.startsWith(prefix))
  const page = pageOf({
    items: streams,
    keyOf: (stream) => (descending ? inverted(order(stream)) : order(stream)),
    limit: input.limit ?? LEDGER.pageSize.value,
    token: input.nextToken,
    list: `logs:streams:${group.name}:${prefix}:${orderBy}:${descending}`,
  })
  return { logStreams: page.items.map(present), ...(page.nextToken !== undefined && { nextToken: page.nextToken }) }
}

/** The group that an input names or identifies. */
export function groupOf(
  input: { readonly logGroupName?: string | undefined; readonly logGroupIdentifier?: string | undefined },
  state: LogsState,
): LogGroupState {
  const { logGroupName, logGroupIdentifier } = input
  return logGroupIdentifier === undefined
    ? findGroup(logGroupName, state)
    : findGroupByIdentifier(logGroupIdentifier, state)
}

function keyByLastEvent(stream: LogStreamState): string {
  const last = stream.events.at(-1)?.timestampMs ?? 0
  return `${String(last).padStart(15, '0')} ${stream.name}`
}

/** A key that sorts the other way round. */
function inverted(key: string): string {
  return Array.from(key, (character) => String.fromCharCode(0xffff - character.charCodeAt(0))).join('')
}

function present(stream: LogStreamState): LogStream {
  const [first, last] = [stream.events[0], stream.events.at(-1)]
  return {
    logStreamName: stream.name,
    arn: stream.arn,
    creationTime: stream.createdAtMs,
    storedBytes: 0,
    ...(first && { firstEventTimestamp: first.timestampMs }),
    ...(last && { lastEventTimestamp: last.timestampMs, lastIngestionTime: last.ingestedAtMs }),
  }
}
