import { stringify } from 'yaml'
import type { AnyKind } from '../../../reconciler/kind.ts'
import type { Run, Terminal } from '../../command.ts'
import { kinds } from '../../kinds.ts'
import { paletteFor, type Palette } from './colour.ts'
import { failureSentence } from './failure-sentence.ts'
import type { OutputFormat } from './flags.ts'
import { withWorld, type Whereabouts, type World } from './reach.ts'

/** What a command that looks works with. */
export interface Surroundings {
  readonly world: World
  readonly kinds: readonly AnyKind[]
  readonly terminal: Terminal
}

/** What every command that looks is told. */
export interface WorldOptions {
  readonly format: OutputFormat
  readonly where: Omit<Whereabouts, 'environment'>
}

/**
 * A command that looks at a cluster and at AWS: reads its options, or says what is wrong with them, opens the world for
 * `act`, which answers the exit code, and says what cannot be reached.
 */
export function worldCommand<Options extends WorldOptions>(
  optionsFrom: (args: readonly string[]) => Options | string,
  act: (options: Options, surroundings: Surroundings, signal: AbortSignal) => Promise<number>,
): Run {
  return async (args, terminal, signal) => {
    const options = optionsFrom(args)
    if (typeof options === 'string') {
      terminal.complain(options)
      return 1
    }
    try {
      const where = { ...options.where, environment: terminal.environment }
      return await withWorld(where, (world) => act(options, { world, kinds, terminal }, signal), signal)
    } catch (error) {
      terminal.complain(failureSentence(error))
      return 1
    }
  }
}

/** Prints a document as it is asked for; `render` puts it into words for people. */
export function printDocument<Document>(
  document: Document,
  { format, terminal }: { readonly format: OutputFormat; readonly terminal: Terminal },
  render: (document: Document, palette: Palette) => string,
): void {
  switch (format) {
    case 'text':
      return terminal.print(render(document, paletteFor(terminal)))
    case 'json':
      return terminal.print(`${JSON.stringify(document, null, 2)}\n`)
    case 'yaml':
      return terminal.print(stringify(document))
  }
}
