import { AwsFault, type Call } from '../../service.ts'
import type { LogGroupState, LogsState, LogStreamState } from './state.ts'

/** The named group. Throws `ResourceNotFoundException`. */
export function findGroup(name: string | undefined, state: LogsState): LogGroupState {
  const group = state.groups[name ?? '']
  if (group) return group
  throw new AwsFault('ResourceNotFoundException', 'The specified log group does not exist.')
}

/** The group that a name or an ARN, with or without `:*`, means. Throws `ResourceNotFoundException`. */
export function findGroupByIdentifier(identifier: string, state: LogsState): LogGroupState {
  return findGroup(identifier.replace(/^arn:.*:log-group:/, '').replace(/:\*$/, ''), state)
}

/** The named stream. Throws `ResourceNotFoundException`. */
export function findStream(name: string | undefined, group: LogGroupState): LogStreamState {
  const stream = group.streams[name ?? '']
  if (stream) return stream
  throw new AwsFault('ResourceNotFoundException', 'The specified log stream does not exist.')
}

/** Source: "LogGroup", CloudWatch Logs API reference. */
export function groupArnOf(name: string, { partition, region, accountId }: Call): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`
}

export function invalidParameter(message: string): AwsFault {
  return new AwsFault('InvalidParameterException', message)
}
