import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'
import { NormalizedSchema } from '@smithy/core/schema'

/** The SDK packages whose schemas count, by their name without the prefix. */
const SERVICES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { 'cloudwatch-logs': logs, ecr, ecs }

/** The input's place in an operation schema: `[9, namespace, name, traits, input, output]` (@smithy/types). */
const INPUT = 4

/**
 * Paths of the members of an operation's input, as specs spell them: camelCase, list indexes left out, leaves only
 * (`tags.key`). Errors: an `Error` when the SDK has no such service or operation.
 */
export function inputMembers(service: string, operation: string): readonly string[] {
  const schema = SERVICES[service]?.[`${operation}$`]
  if (!Array.isArray(schema)) throw new Error(`the SDK has no operation ${operation} of ${service}`)
  return leaves(NormalizedSchema.of(schema[INPUT]), [], [])
}

/** `inside`: names of the structures on the way, so that recursive ones end. */
function leaves(schema: NormalizedSchema, path: readonly string[], inside: readonly string[]): readonly string[] {
  if (schema.isListSchema()) return leaves(schema.getValueSchema(), path, inside)
  const name = schema.getName(true) ?? ''
  if (!schema.isStructSchema() || inside.includes(name)) return [path.join('.')]
  return [...schema.structIterator()].flatMap(([member, memberSchema]) =>
    leaves(memberSchema, [...path, camelCase(member)], [...inside, name]),
  )
}

function camelCase(member: string): string {
  return member.slice(0, 1).toLowerCase() + member.slice(1)
}
