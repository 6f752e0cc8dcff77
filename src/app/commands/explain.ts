import { stringify } from 'yaml'
import type { AnyKind } from '../../reconciler/kind.ts'
import type { Run, Terminal } from '../command.ts'
import { kinds } from '../kinds.ts'
import { explain as explanationOf, type Explanation } from './explain/explanation.ts'
import { gather } from './explain/gather.ts'
import { namedObject, type NamedObject } from './explain/kind-names.ts'
import { renderExplanation } from './explain/render.ts'
import { paletteFor } from './world/colour.ts'
import { failureSentence } from './world/failure-sentence.ts'
import { outputFormatFrom, parseFlags, WORLD_FLAGS, WORLD_FLAGS_HELP, type OutputFormat } from './world/flags.ts'
import { withWorld, type Whereabouts, type World } from './world/reach.ts'

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

/** `longshore explain`. */
export const run: Run = async (args, terminal, signal) => {
  const options = optionsFrom(args)
  if (typeof options === 'string') {
    terminal.complain(options)
    return 1
  }
  try {
    const where = { ...options.where, environment: terminal.environment }
    await withWorld(where, (world) => explain(options, { world, kinds, terminal }, signal), signal)
    return 0
  } catch (error) {
    terminal.complain(failureSentence(error))
    return 1
  }
}

interface ExplainOptions {
  readonly named: NamedObject
  readonly asksForBlame: boolean
  readonly format: OutputFormat
  readonly where: Omit<Whereabouts, 'environment'>
}

interface ExplainSurroundings {
  readonly world: World
  readonly kinds: readonly AnyKind[]
  readonly terminal: Terminal
}

/** Explains one object. Throws `Failure`: `not-found` when there is no such object. */
export async function explain(
  { named, asksForBlame, format }: Omit<ExplainOptions, 'where'>,
  { world, kinds: known, terminal }: ExplainSurroundings,
  signal: AbortSignal,
): Promise<void> {
  const gathered = await gather(named, { world, kinds: known, asksForBlame }, signal)
  terminal.print(printed(explanationOf(gathered, world.clock.now()), format, terminal))
}

function printed(explanation: Explanation, format: OutputFormat, terminal: Terminal): string {
  switch (format) {
    case 'text':
      return renderExplanation(explanation, paletteFor(terminal))
    case 'json':
      return `${JSON.stringify(explanation, null, 2)}\n`
    case 'yaml':
      return stringify(explanation)
  }
}

const FLAGS = { ...WORLD_FLAGS, blame: { takes: 'nothing' } } as const

function optionsFrom(args: readonly string[]): ExplainOptions | string {
  const flags = parseFlags(args, FLAGS, 'explain')
  if (flags.type === 'invalid') return flags.message
  const one = (name: string): string | undefined => flags.values.get(name)?.[0]
  const named = namedObject(flags.positionals, kinds)
  if (typeof named === 'string') return named
  const format = outputFormatFrom(one('output'))
  if (format === undefined) return `--output wants text, json or yaml, not "${one('output')}"`
  return { named, asksForBlame: flags.given.has('blame'), format, where: whereFrom(one) }
}

function whereFrom(one: (name: string) => string | undefined): ExplainOptions['where'] {
  const installationId = one('installation-id')
  return { namespace: one('namespace'), kubeconfig: one('kubeconfig'), context: one('context'), installationId }
}
