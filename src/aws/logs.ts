import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type CloudWatchLogsClient,
  type LogGroup,
} from '@aws-sdk/client-cloudwatch-logs'
import type { Tags } from '../core/owner.ts'
import { createBatch, splitOnNotFound, type BatchTiming, type Load, type ReadMany, type SharedLoad } from './batch.ts'
import type { SendTo } from './send.ts'

export interface LogGroupState {
  readonly name: string
  /** Without the trailing `:*` that IAM policies want: the form that tagging takes. */
  readonly arn: string
  /** Absent: events never expire. */
  readonly retentionInDays: number | undefined
}

export interface NewLogGroup {
  readonly name: string
  readonly tags: Tags
}

/** Log groups in CloudWatch Logs. Every method throws `Failure`. */
export interface LogsPort {
  /** Reads one group, up to 50 in a call. */
  readonly readLogGroup: Load<LogGroupState>
  /** One call a group: AWS has no batch for it. */
  readonly readTags: (arn: string, signal: AbortSignal) => Promise<Tags>
  readonly createLogGroup: (group: NewLogGroup, signal: AbortSignal) => Promise<void>
  readonly putRetention: (name: string, days: number, signal: AbortSignal) => Promise<void>
  readonly deleteLogGroup: (name: string, signal: AbortSignal) => Promise<void>
  readonly tag: (arn: string, tags: Tags, signal: AbortSignal) => Promise<void>
  readonly untag: (arn: string, keys: readonly string[], signal: AbortSignal) => Promise<void>
  /** Names of the groups that start with `prefix`, all pages. */
  readonly listLogGroups: (prefix: string, signal: AbortSignal) => Promise<readonly LogGroupState[]>
}

type Send = SendTo<CloudWatchLogsClient>

// DescribeLogGroups takes at most 50 identifiers (CloudWatch Logs API reference).
const MAX_IDENTIFIERS = 50

/** Reads log groups in full batches; one for all objects of a session. */
export function createLogGroupReader(send: Send, timing: BatchTiming): SharedLoad<LogGroupState> {
  const read: ReadMany<LogGroupState> = async (names, signal, sharing) => {
    const answer = await send(new DescribeLogGroupsCommand({ logGroupIdentifiers: [...names] }), signal, sharing)
    return new Map(groupsFrom(answer.logGroups).map((group) => [group.name, group]))
  }
  return createBatch({ timing, read: splitOnNotFound(read), maxKeys: MAX_IDENTIFIERS })
}

export function createLogsPort(send: Send, readLogGroup: Load<LogGroupState>): LogsPort {
  return {
    readLogGroup,
    readTags: async (arn, signal) =>
      (await send(new ListTagsForResourceCommand({ resourceArn: arn }), signal)).tags ?? {},
    createLogGroup: async ({ name, tags }, signal) => {
      await send(new CreateLogGroupCommand({ logGroupName: name, tags }), signal)
    },
    putRetention: async (name, days, signal) => {
      await send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: days }), signal)
    },
    deleteLogGroup: async (name, signal) => {
      await send(new DeleteLogGroupCommand({ logGroupName: name }), signal)
    },
    tag: async (arn, tags, signal) => {
      await send(new TagResourceCommand({ resourceArn: arn, tags }), signal)
    },
    untag: async (arn, keys, signal) => {
      await send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), signal)
    },
    listLogGroups: async (prefix, signal) => {
      const found: LogGroupState[] = []
      let nextToken: string | undefined
      do {
        const page = await send(new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix, nextToken }), signal)
        found.push(...groupsFrom(page.logGroups))
        nextToken = page.nextToken
      } while (nextToken !== undefined)
      return found
    },
  }
}

function groupsFrom(groups: readonly LogGroup[] | undefined): readonly LogGroupState[] {
  return (groups ?? []).map((group) => ({
    name: group.logGroupName ?? '',
    arn: group.logGroupArn ?? (group.arn ?? '').replace(/:\*$/, ''),
    retentionInDays: group.retentionInDays,
  }))
}
