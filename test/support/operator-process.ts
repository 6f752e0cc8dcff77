import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StartCommand } from '../../tools/control-plane/supervision.ts'
import { type ExitReport, superviseIn, type Supervision } from '../../tools/control-plane/supervision.ts'

/** The operator as the process that users run; it never outlives the test. */
export interface OperatorProcess {
  readonly start: () => Promise<void>
  /** SIGKILL: it has no time for anything. */
  readonly kill: () => Promise<void>
  /** What it logged since it was last started. */
  readonly log: () => Promise<string>
  /** How it ended by itself, which it never should. */
  readonly failure: () => ExitReport | undefined
}

interface Life {
  readonly folder: string
  readonly supervision: Supervision
}

export function createOperatorProcess(command: StartCommand): OperatorProcess {
  let life: Life | undefined
  let failure: ExitReport | undefined
  return {
    start: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'longshore-operator-'))
      life = { folder, supervision: superviseIn(folder, (report) => (failure = report)) }
      life.supervision.start(command)
    },
    kill: async () => {
      // Stopping a supervision is a SIGKILL for everything in it.
      await life?.supervision.stop()
      life = undefined
    },
    log: async () => (life ? readFile(join(life.folder, 'operator.log'), 'utf8') : ''),
    failure: () => failure,
  }
}
