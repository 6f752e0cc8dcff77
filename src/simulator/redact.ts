import { isRecord } from './protocol/http.ts'
import type { Member, Shape } from './protocol/shape.ts'

/** Copies parsed input for the log: sensitive members and binary data are replaced by what they are. */
export function redact(value: unknown, shape: Shape): unknown {
  if (value instanceof Uint8Array) return `(${value.length} bytes)`
  if (shape.type === 'list' && Array.isArray(value)) return value.map((element) => redactMember(element, shape.element))
  if (!isRecord(value)) return value
  const memberOf = (name: string): Member | undefined => {
    if (shape.type === 'structure') return shape.members.get(name)
    return shape.type === 'map' ? shape.value : undefined
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, element]) => {
      const member = memberOf(name)
      return [name, member ? redactMember(element, member) : element]
    }),
  )
}

function redactMember(value: unknown, member: Member): unknown {
  return member.traits.isSensitive ? '(sensitive)' : redact(value, member.shape)
}
