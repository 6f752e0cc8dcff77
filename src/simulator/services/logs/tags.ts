import { AwsFault } from '../../service.ts'
import { findGroup } from './find.ts'
import { LEDGER } from './ledger.ts'
import type { LogGroupState, LogsState } from './state.ts'

const MAX_TAGS = LEDGER.tagsMax.value

/** Throws `InvalidParameterException` for reserved keys, `TooManyTagsException` for more than 50. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(tags).find((key) => key.toLowerCase().startsWith('aws:'))
  if (reserved !== undefined)
    throw new AwsFault('InvalidParameterException', `tag keys must not begin with aws: (${reserved})`)
  if (Object.keys(tags).length > MAX_TAGS)
    throw new AwsFault('TooManyTagsException', `a resource can have at most ${MAX_TAGS} tags`)
}

interface ResourceInput {
  readonly resourceArn: string
}

export function tagResource(
  input: ResourceInput & { readonly tags: Record<string, string> },
  state: LogsState,
): object {
  const group = findByArn(input, state)
  const merged = { ...group.tags, ...input.tags }
  checkTags(merged)
  group.tags = merged
  return {}
}

export function untagResource(
  input: ResourceInput & { readonly tagKeys: readonly string[] },
  state: LogsState,
): object {
  const group = findByArn(input, state)
  group.tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !input.tagKeys.includes(key)))
  return {}
}

export function listTagsForResource(input: ResourceInput, state: LogsState): { tags: Record<string, string> } {
  return { tags: { ...findByArn(input, state).tags } }
}

/** Tagging takes the ARN without the `:*` that DescribeLogGroups appends to `arn`; source: ListTagsForResource, API reference. */
function findByArn({ resourceArn }: ResourceInput, state: LogsState): LogGroupState {
  const name = /^arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:log-group:([^:*]+)$/.exec(resourceArn)?.[1]
  if (name === undefined)
    throw new AwsFault('InvalidParameterException', `${resourceArn} is not the ARN of a log group without :*`)
  return findGroup(name, state)
}
