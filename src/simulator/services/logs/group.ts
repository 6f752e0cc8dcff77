import type {
  CreateLogGroupRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  LogGroup,
} from '@aws-sdk/client-cloudwatch-logs'
import { pageOf } from '../../paging.ts'
import { AwsFault, type Call } from '../../service.ts'
import { findGroup, groupArnOf, invalidParameter } from './find.ts'
import { LEDGER } from './ledger.ts'
import type { LogGroupState, LogsState } from './state.ts'
import { checkTags } from './tags.ts'

interface GroupInput {
  readonly logGroupName: string
}

export function createLogGroup(input: CreateLogGroupRequest & GroupInput, state: LogsState, call: Call): object {
  const name = input.logGroupName
  if (state.groups[name]) throw new AwsFault('ResourceAlreadyExistsException', 'The specified log group already exists')
  const tags = { ...input.tags }
  checkTags(tags)
  state.groups[name] = {
    name,
    arn: groupArnOf(name, call),
    createdAtMs: call.clock.now(),
    class: input.logGroupClass ?? 'STANDARD',
    ...(input.kmsKeyId !== undefined && { kmsKeyId: input.kmsKeyId }),
    tags,
    streams: {},
  }
  return {}
}

export function deleteLogGroup({ logGroupName }: GroupInput, state: LogsState): object {
  findGroup(logGroupName, state)
  delete state.groups[logGroupName]
  return {}
}

const RETENTION_DAYS: readonly number[] = LEDGER.retentionDays.value

export function putRetentionPolicy(input: GroupInput & { readonly retentionInDays: number }, state: LogsState): object {
  const group = findGroup(input.logGroupName, state)
  if (!RETENTION_DAYS.includes(input.retentionInDays)) {
    throw invalidParameter(`retentionInDays must be one of ${RETENTION_DAYS.join(', ')}`)
  }
  group.retentionDays = input.retentionInDays
  return {}
}

export function deleteRetentionPolicy({ logGroupName }: GroupInput, state: LogsState): object {
  delete findGroup(logGroupName, state).retentionDays
  return {}
}

export function describeLogGroups(input: DescribeLogGroupsRequest, state: LogsState): DescribeLogGroupsResponse {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers: identifiers } = input
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter('logGroupNamePrefix and logGroupNamePattern are mutually exclusive')
  }
  const page = pageOf({
    items: Object.values(state.groups).filter((group) => isWanted(group, input)),
    keyOf: (group) => group.name,
    limit: input.limit ?? LEDGER.pageSize.value,
    token: input.nextToken,
    list: `logs:groups:${JSON.stringify([prefix, pattern, identifiers, input.logGroupClass])}`,
  })
  const shown = pattern === undefined ? present : presentBriefly
  return { logGroups: page.items.map(shown), ...(page.nextToken !== undefined && { nextToken: page.nextToken }) }
}

function isWanted(group: LogGroupState, input: DescribeLogGroupsRequest): boolean {
  const { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '', logGroupIdentifiers: identifiers } = input
  return (
    group.name.startsWith(prefix) &&
    group.name.includes(pattern) &&
    (input.logGroupClass === undefined || group.class === input.logGroupClass) &&
    (identifiers === undefined || identifiers.includes(group.name) || identifiers.includes(group.arn))
  )
}

/** All that a search by pattern shows of a group. */
function presentBriefly({ name, arn, createdAtMs }: LogGroupState): LogGroup {
  return { logGroupName: name, arn: `${arn}:*`, creationTime: createdAtMs }
}

function present(group: LogGroupState): LogGroup {
  const messages = Object.values(group.streams).flatMap((stream) => stream.events)
  return {
    ...presentBriefly(group),
    logGroupArn: group.arn,
    logGroupClass: group.class,
    metricFilterCount: 0,
    storedBytes: messages.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0),
    ...(group.retentionDays !== undefined && { retentionInDays: group.retentionDays }),
    ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
  }
}
