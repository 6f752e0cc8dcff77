import { explain as explanationOf } from './explain/explanation.ts'
import { gather } from './explain/gather.ts'
import { namedObject, type NamedObject } from './explain/kind-names.ts'
import { renderExplanation } from './explain/render.ts'
import type { Terminal } from '../command.ts'
import { kinds } from '../kinds.ts'
import { printDocument, worldCommand, type Surroundings, type WorldOptions } from './world/command.ts'
import { parseFlags, WORLD_FLAGS, WORLD_FLAGS_HELP, worldOptionsFrom } from './world/flags.ts'

/** What `longshore help explain` says below the summary. */
export const help = `
  longshore explain KIND/NAME [--blame] [-n NAMESPACE] [-o text|json|yaml]

Tells where an object stands and why: conditions and since when, what it waits for, what it refers to, what it owns and
what AWS shows of it now, steps that are held back, the last events, and what to do next. KIND is a kind, plural or
short name: EcsService, ecsservices, ecssvc. Only reads.

  --blame
      Also tell who changed in AWS what the object owns: what differs from the spec now, and what was repaired. Asks
      CloudTrail, which takes some seconds, shows calls minutes late, and keeps them for 90 days.
${WORLD_FLAGS_HELP}
Exit codes: 0 explained, in whatever state the object is; 1 error (also: there is no such object).
`

interface ExplainOptions extends WorldOptions {
  readonly named: NamedObject
  readonly asksForBlame: boolean
}

/** `longshore explain`. */
export const run = worldCommand(optionsFrom, explain)

/** Explains one object; answers the exit code. Throws `Failure`: `not-found` when there is no such object. */
export async function explain(
  { named, asksForBlame, format }: Omit<ExplainOptions, 'where'>,
  { world, kinds: known, terminal }: Surroundings,
  signal: AbortSignal,
): Promise<number> {
  const gathering = gather(named, { world, kinds: known, asksForBlame }, signal)
  const gathered = await (asksForBlame ? whileTold(gathering, terminal) : gathering)
  printDocument(explanationOf(gathered, world.clock.now()), { format, terminal }, renderExplanation)
  return 0
}

/** Back to the beginning of the line, and away with it. */
const CLEAR = '\r\u001B[2K'

/** Seconds without a word look like a program that hangs. */
async function whileTold<T>(work: Promise<T>, { isErrorInteractive, note }: Terminal): Promise<T> {
  if (!isErrorInteractive) return work
  note('asking CloudTrail, which answers two questions a second …')
  return work.finally(() => note(CLEAR))
}

function optionsFrom(args: readonly string[]): ExplainOptions | string {
  const flags = parseFlags(args, { ...WORLD_FLAGS, blame: { takes: 'nothing' } }, 'explain')
  if (flags.type === 'invalid') return flags.message
  const named = namedObject(flags.positionals, kinds)
  if (typeof named === 'string') return named
  const options = worldOptionsFrom(flags.values)
  if (typeof options === 'string') return options
  return { ...options, named, asksForBlame: flags.given.has('blame') }
}
