import { conditionsFor } from '../../core/conditions.ts'
import type { Cancel } from '../../core/ports.ts'
import type { ObjectStatus } from '../managed.ts'
import { FINALIZER, generationOf, hasFinalizer } from '../managed.ts'
import { timestamp } from '../inventory.ts'
import type { Pass } from '../pass.ts'

/**
 * Takes responsibility for the object before anything is made for it: the finalizer, and the fields that the operator
 * fills in once. One write, and none when both are there.
 */
export async function takeResponsibility(pass: Pass, fillIn: Readonly<Record<string, unknown>>): Promise<void> {
  const { object } = pass
  const missing = hasFinalizer(object) ? undefined : { finalizers: [...(object.metadata.finalizers ?? []), FINALIZER] }
  if (missing === undefined && Object.keys(fillIn).length === 0) return

  await pass.handle.patch({
    ...(missing && { metadata: missing }),
    ...(Object.keys(fillIn).length > 0 && { spec: fillIn }),
  })
}

/** Says in status that this generation was seen, unless the pass is over in a blink: then its report says it. */
export function acknowledgeLater(pass: Pass): Cancel {
  const { clock, settings } = pass.deps
  return clock.schedule(settings.blinkSeconds, () => {
    pass.handle
      .writeStatus((status) => acknowledged(pass, status, 'Acknowledged'))
      .catch((error: unknown) => pass.logger.debug({ error: String(error) }, 'acknowledgement not written'))
  })
}

const MESSAGES = { Acknowledged: 'Seen; comparing with AWS', Applying: 'Making AWS match the spec' } as const

/** The status with a word that this generation is being worked on; unchanged when that was said before. */
export function acknowledged(pass: Pass, status: ObjectStatus, reason: keyof typeof MESSAGES): ObjectStatus {
  const generation = generationOf(pass.handle.current())
  if (status.observedGeneration === generation) return status
  const context = { previous: status.conditions ?? [], generation, now: timestamp(pass.deps.clock.now()) }
  const conditions = conditionsFor({ type: 'working', reason, message: MESSAGES[reason] }, context)
  return { ...status, observedGeneration: generation, conditions }
}
