import type { Principal, TrailEvent } from '../../../../aws/trail-event.ts'
import type { Instant } from '../../../../core/ports.ts'
import { timestamp } from '../../../../reconciler/inventory.ts'
import type { FoundCall } from './search.ts'
import { toolOf } from './tool.ts'

/** One call that changed something, as people want to know it. */
export interface ToldChange {
  /** RFC 3339. */
  readonly at: string
  readonly agoSeconds: number
  /** `ecs:UpdateService`. */
  readonly call: string
  /** What it changed: type of the AWS object, and what AWS finds it by. */
  readonly type: string
  readonly id: string
  /** ARN; of what has none, its name. */
  readonly principal: string
  /** Of a role. */
  readonly sessionName: string | undefined
  /** `AWS CLI 2.9.8`, `the console`. */
  readonly tool: string
  readonly userAgent: string
  /** Address, or name of an AWS service. */
  readonly from: string | undefined
  /** What CloudTrail finds it by. */
  readonly eventId: string
  /** Made by the operator, for this object. */
  readonly isOwn: boolean
}

export function toldChange(
  { event, type, id }: FoundCall,
  { isOwn, now }: { readonly isOwn: boolean; readonly now: Instant },
): ToldChange {
  const { at, call, principal, from } = event
  return {
    at: timestamp(at),
    agoSeconds: Math.max(0, Math.round((now - at) / 1000)),
    call,
    type,
    id,
    principal: printable(nameOf(principal)),
    sessionName: principal.sessionName && printable(principal.sessionName),
    tool: isOwn ? 'the operator itself' : printable(wordsFor(event)),
    userAgent: printable(event.userAgent),
    from: from && printable(from),
    eventId: printable(event.id),
    isOwn,
  }
}

/** ARN of a principal; its name or its type where it has none. */
export function nameOf({ arn, userName, invokedBy, type }: Principal): string {
  return arn ?? userName ?? invokedBy ?? type
}

function wordsFor(event: TrailEvent): string {
  const tool = toolOf(event)
  return tool.type === 'other' ? tool.words : `longshore, for ${tool.kind} ${tool.namespace}/${tool.name}`
}

const LONGEST = 200

/** Callers choose their user agent and the name of their session: neither may steer somebody's terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?').slice(0, LONGEST)
}
