import { deriveEcsName } from '../../../src/core/name.ts'
import type { Instant } from '../../../src/core/ports.ts'
import type { LoggedCall } from '../../../src/simulator/call-log.ts'
import type { Manifest, VirtualOperator } from '../virtual-operator.ts'

/** How long users waited until AWS had accepted what they asked for. */
export interface Landings {
  /** Seconds from each edit to its write, shortest first; `Infinity`: it never came. */
  readonly seconds: readonly number[]
  readonly medianSeconds: number
  readonly longestSeconds: number
}

interface Edits {
  /** Applied one after the other; no service twice. */
  readonly edits: readonly Manifest[]
  readonly everySeconds: number
  /** After the last edit. */
  readonly patienceSeconds: number
}

/** Makes one edit after the other and sees when ECS accepts the update of each service. */
export async function landingsOf(
  operator: VirtualOperator,
  { edits, everySeconds, patienceSeconds }: Edits,
): Promise<Landings> {
  const { clock } = operator
  const begun = clock.now()
  const edited = new Map<string, Instant>()
  for (const edit of edits) {
    edited.set(deriveEcsName(edit.metadata.namespace ?? '', edit.metadata.name), clock.now())
    operator.apply(edit)
    await clock.advance(everySeconds)
  }
  await clock.advance(patienceSeconds)
  const updates = operator.calls(begun).filter(isAcceptedUpdate)
  const seconds = [...edited].map(([service, at]) => secondsUntil(updates, service, at)).toSorted((a, b) => a - b)
  return {
    seconds,
    medianSeconds: seconds[Math.floor(seconds.length / 2)] ?? 0,
    longestSeconds: seconds.at(-1) ?? 0,
  }
}

function isAcceptedUpdate({ operation, errorCode }: LoggedCall): boolean {
  return operation === 'UpdateService' && errorCode === undefined
}

function secondsUntil(updates: readonly LoggedCall[], service: string, at: Instant): number {
  const update = updates.find(({ startMs, parameters }) => startMs >= at && serviceIn(parameters) === service)
  return update === undefined ? Infinity : (update.endMs - at) / 1000
}

function serviceIn(parameters: unknown): unknown {
  return typeof parameters === 'object' && parameters !== null && 'service' in parameters
    ? parameters.service
    : undefined
}
