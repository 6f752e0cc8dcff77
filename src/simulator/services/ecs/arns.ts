import type { Call } from '../../service.ts'

/** ARN of an ECS resource; new-format ARNs carry the cluster name (Amazon ECS Developer Guide, ARNs and IDs). */
export function ecsArn({ partition, region, accountId }: Call, type: string, ...path: readonly string[]): string {
  return `arn:${partition}:ecs:${region}:${accountId}:${[type, ...path].join('/')}`
}

export interface ArnParts {
  readonly type: string
  readonly path: readonly string[]
}

/** Type and path of an ECS ARN of this account and Region; undefined for anything else. */
export function parseArn({ partition, region, accountId }: Call, text: string): ArnParts | undefined {
  const prefix = `arn:${partition}:ecs:${region}:${accountId}:`
  if (!text.startsWith(prefix)) return undefined

  const [type = '', ...path] = text.slice(prefix.length).split('/')
  return { type, path }
}

export const isArn = (text: string): boolean => text.startsWith('arn:')

/** The name that an identifier (short name or ARN of `type`) ends with; undefined if it is an ARN of something else. */
export function nameFrom(call: Call, type: string, identifier: string): string | undefined {
  if (!isArn(identifier)) return identifier

  const parts = parseArn(call, identifier)
  return parts?.type === type ? parts.path.at(-1) : undefined
}
