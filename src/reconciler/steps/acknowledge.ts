import { conditionsFor } from '../../core/conditions.ts'
import type { Cancel } from '../../core/ports.ts'
import type { ObjectStatus } from '../managed.ts'
import { FINALIZER, generationOf, hasFinalizer } from '../managed.ts'
import { timestamp } from '../inventory.ts'
import type { Pass } from '../pass.ts'

/** Takes responsibility for the object before anything is made for it: one write, and none when the finalizer is there. */
export async function takeResponsibility({ object, handle }: Pass): Promise<void> {
  if (hasFinalizer(object)) return
  await handle.patch({ metadata: { finalizers: [...(object.metadata.finalizers ?? []), FINALIZER] } })
}

/** Says in status that this generation was seen, unless the pass is over in a blink: then its report says it. */
export function acknowledgeLater(pass: Pass, blinkSeconds: number): Cancel {
  return pass.deps.clock.schedule(blinkSeconds, () => {
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
