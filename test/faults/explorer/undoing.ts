import type { Clock, Instant } from '../../../src/core/ports.ts'
import type { Simulator } from '../../../src/simulator/simulator.ts'
import type { Aftermath } from './aftermath.ts'
import { isRead } from './aws-troubles.ts'
import { differences } from './differences.ts'
import type { Slot } from './slots.ts'
import { isGoing, type View } from './view.ts'

export interface UndoingOptions {
  readonly clock: Clock
  readonly aftermath: Aftermath
  /** When somebody edited this object last. */
  readonly editedAt: ReadonlyMap<Slot, Instant>
  readonly tell: (problem: string) => void
}

/** Longer than anything that is under way, or that a watch has yet to say, takes: nobody should still work from an older spec. */
const CALM_SECONDS = 45

/** Looks whether a write makes something worse that had been as its owner wishes for a while. */
export function watchingForUndoing<Aws extends Pick<Simulator, 'invoke'>>(aws: Aws, options: UndoingOptions): Aws {
  const { clock, tell } = options
  return {
    ...aws,
    invoke: async (call) => {
      if (isRead(call.operation)) return aws.invoke(call)
      const begunAt = clock.now()
      const pleased = calmViews(options).filter((view) => differences(view).length === 0)
      const answer = await aws.invoke(call)
      // What took time may have met with what others did meanwhile.
      if (clock.now() === begunAt) for (const view of pleased) judge(view, call.operation)
      return answer
    },
  }

  function judge(view: View, operation: string): void {
    const things = options.aftermath.things()
    for (const problem of differences({ ...view, things })) tell(`${operation} undid a wish of long ago: ${problem}`)
  }
}

/** Objects that nobody has touched for a while, beside AWS. */
function calmViews({ clock, aftermath, editedAt }: UndoingOptions): readonly View[] {
  const things = aftermath.things()
  const isCalm = (slot: Slot): boolean => clock.now() - (editedAt.get(slot) ?? Infinity) >= CALM_SECONDS * 1000
  return aftermath.objects().flatMap(([slot, object]) => {
    const isWished = aftermath.wishes.has(slot) && !isGoing(object)
    return isWished && isCalm(slot) ? [{ stage: aftermath, things, slot, object }] : []
  })
}
