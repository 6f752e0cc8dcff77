import { createSystemClock } from '../../runtime/clock.ts'
import type { Run, Terminal } from '../command.ts'
import { InputProblem } from './pack/input-problem.ts'
import { readInput } from './pack/input-parts.ts'
import { packOptionsFrom, type PackOptions } from './pack/options.ts'
import { packParts, type PackedText, type PackThread } from './pack/pack-in-worker.ts'
import type { PackFormat, PackOrder, View } from './pack/pack-order.ts'
import { createProgressLine } from './pack/progress-line.ts'
import { isColoured } from './world/colour.ts'
import { failureSentence } from './world/failure-sentence.ts'

/** What `longshore help pack` says below the summary. */
export const help = `
  longshore pack [-f FILE|-] [--pods FILE …] [-o json|yaml|table|svg]

Reads pods that wait for a node, the nodes that run, and node pools; answers which nodes to add, which pod goes where,
and why a pod can go nowhere: the very decision that the provisioner makes. Touches neither a cluster nor AWS.

  -f, --filename FILE|-
      A problem, in JSON or YAML: { "pods": […], "nodes": […], "nodePools": […], "instanceTypes": […], … }, or what kubectl
      prints: kubectl get pods,nodes -A -o json | longshore pack -f - -o table. Default: standard input.
  --pods, --nodes, --daemonsets, --pvcs, --pvs, --storageclasses, --csinodes, --namespaces, --pdbs FILE|-
      Lists as kubectl get … -o json (or yaml) prints them, instead of -f or beside it. Each may come several times.
  --pools FILE|-
      EksNodePool manifests, or NodePools of karpenter.sh/v1. Default: one pool without requirements.
  --instance-types FILE|-
      A list of instance types. Default: the shipped catalogue.
  --overlays FILE|-
      What you know better than the catalogue: prices, spot, what is short (docs/instance-types.md).
  -o, --output json|yaml|table|svg
      Default: json. table is for people; svg draws nodes as bars filled with pods, before and after.
  --time-limit-ms NUMBER
      When to stop looking for something cheaper. Default: 1000.
  --consolidate
      Answer, too, which running nodes could go, and what would take their place: the moves of one round (options.moveRounds),
      within a tenth of the nodes (options.budgetNodes). Each saves more within options.paybackHours (12) than it disturbs, at
      options.usdPerDisruption (0.002) for a node or pod. The time limit is 30 s then.
  --ignore-preferences
      Soft constraints (preferred affinity, ScheduleAnyway, PreferNoSchedule) count for nothing.

Flags go before options in a document. Pods that have ended or are being deleted do not count, and pods of DaemonSets are
placed by their DaemonSet. Exit codes: 0 decided, whether every pod has a place or not; 1 error; 130 interrupted.
`

const INTERRUPTED = 130
const DEFAULT_COLUMNS = 120

/** `longshore pack`. */
export const run: Run = async (args, terminal, signal) => {
  const options = packOptionsFrom(args)
  if (typeof options === 'string') {
    terminal.complain(options)
    return 1
  }
  const progress = terminal.isErrorInteractive ? createProgressLine(createSystemClock(), terminal.note) : undefined
  const thread = { entry: terminal.entry, ...(progress && { onProgress: progress.update }) }
  try {
    const { text, notes } = await pack(options, terminal, thread, signal).finally(() => progress?.end())
    for (const note of notes) terminal.note(`note: ${note}\n`)
    terminal.print(text)
    return 0
  } catch (error) {
    if (signal.aborted) return INTERRUPTED
    terminal.complain(error instanceof InputProblem ? error.message : failureSentence(error))
    return 1
  }
}

async function pack(
  { sources, settings, format }: PackOptions,
  terminal: Terminal,
  thread: PackThread,
  signal: AbortSignal,
): Promise<PackedText> {
  const files = sources.map(({ name }) => name)
  const order: PackOrder = {
    sources: sources.map((source) => (source.name === '-' ? { ...source, name: 'standard input' } : source)),
    settings,
    view: viewFor(format, terminal),
  }
  return packParts(order, readInput(files, terminal.readInputBytes), thread, signal)
}

function viewFor(format: PackFormat, terminal: Terminal): View {
  if (format !== 'table') return { format }
  return { format, columns: terminal.columns ?? DEFAULT_COLUMNS, isColoured: isColoured(terminal) }
}
