import type { Cancel, Clock } from '../../../core/ports.ts'
import type { Standing } from './decide.ts'
import type { PackProgress } from './pack-order.ts'

/** One line at a terminal that says how far a long decision is. */
export interface ProgressLine {
  readonly update: (progress: PackProgress) => void
  /** Takes the line away. */
  readonly end: () => void
}

/** A plan that is there sooner needs no progress. */
const PATIENCE_SECONDS = 0.5
/** Back to the beginning of the line, and away with it. */
const CLEAR = '\r\u001B[2K'

export function createProgressLine(clock: Clock, write: (text: string) => void): ProgressLine {
  let latest: PackProgress = { type: 'reading', megabytes: 0 }
  let isShown = false
  const show = (): void => {
    isShown = true
    write(`${CLEAR}${inWords(latest)}`)
  }
  const cancel: Cancel = clock.schedule(PATIENCE_SECONDS, show)
  return {
    update: (progress) => {
      latest = progress
      if (isShown) show()
    },
    end: () => {
      cancel()
      if (isShown) write(CLEAR)
    },
  }
}

function costText({ usdPerHour }: Pick<Standing, 'usdPerHour'>): string {
  return usdPerHour === undefined ? '' : `, ${usdPerHour.toFixed(2)} USD/h so far`
}

function inWords(progress: PackProgress): string {
  switch (progress.type) {
    case 'reading':
      return `reading: ${progress.megabytes.toFixed(0)} MB`
    case 'packing':
      return `packing ${progress.pods} pods: round ${progress.rounds}, ${(progress.elapsedMs / 1000).toFixed(1)} s${costText(progress)}`
  }
}
