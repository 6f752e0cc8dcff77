import type { Memo } from '../../core/plan.ts'

/** An attempt to move a service to a template that did not work. Times are AWS's own. */
export interface FailedRollout {
  /** Id of the service deployment; what `longshore.dev/retry-rollout` has to name. */
  readonly id: string
  readonly at: string
  readonly taskDefinition: string
  readonly reason: string
}

/** What a service remembers between passes. */
export interface ServiceMemo {
  /** Hash of the template that was wanted last. */
  readonly template?: string | undefined
  /** Attempts up to this time do not count any more: the template was changed, or worked, since. */
  readonly forgivenUntil?: string | undefined
  readonly failed?: FailedRollout | undefined
  /** A rollout that was tried again on request, and when (our clock, milliseconds). */
  readonly retried?: { readonly id: string; readonly at: number } | undefined
  /** `createdAt` of the service as last seen: names the incarnation that a re-creation replaces. */
  readonly incarnation?: string | undefined
  /** Keys of the tags that the spec named last. */
  readonly tagKeys?: readonly string[] | undefined
}

/** Each member as JSON text, because an inventory holds only text. */
export function memoFrom(memo: ServiceMemo): Memo {
  const entries = Object.entries(memo).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([key, value]) => [key, JSON.stringify(value)]))
}

/** Reads what `memoFrom` wrote. */
export function serviceMemoFrom(memo: Memo): ServiceMemo {
  return Object.fromEntries(Object.entries(memo).map(([key, value]) => [key, JSON.parse(value) as unknown]))
}
