import type { LogGroupClass } from '@aws-sdk/client-cloudwatch-logs'

export interface LogsState {
  /** By name. */
  readonly groups: Record<string, LogGroupState>
}

export interface LogGroupState {
  readonly name: string
  /** Without the `:*` that some answers append. */
  readonly arn: string
  readonly createdAtMs: number
  readonly class: LogGroupClass
  readonly kmsKeyId?: string
  retentionDays?: number
  tags: Record<string, string>
  /** By name. */
  readonly streams: Record<string, LogStreamState>
}

export interface LogStreamState {
  readonly name: string
  readonly arn: string
  readonly createdAtMs: number
  /** In order of their timestamps. */
  readonly events: LogEventState[]
}

export interface LogEventState {
  readonly id: string
  readonly timestampMs: number
  readonly ingestedAtMs: number
  readonly message: string
}
