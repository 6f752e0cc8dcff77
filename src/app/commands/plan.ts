import { printDocument, worldCommand, type Surroundings, type WorldOptions } from './world/command.ts'
import { parseFlags, WORLD_FLAGS, WORLD_FLAGS_HELP, worldOptionsFrom } from './world/flags.ts'
import type { World } from './world/reach.ts'
import { gather } from './plan/gather.ts'
import { readManifests } from './plan/manifests.ts'
import { planObjects } from './plan/object-plan.ts'
import { renderPlan } from './plan/render.ts'
import { exitCodeOf, summarized } from './plan/summary.ts'

/** What `longshore help plan` says below the summary. */
export const help = `
  longshore plan -f FILE|FOLDER|- [-f …] [--prune] [--preview] [-o text|json|yaml]

Reads manifests, lays them over what the cluster has, and shows what the operator would do in AWS. Writes nothing,
neither to AWS nor to Kubernetes.

  -f, --filename FILE|FOLDER|-
      Manifests: YAML or JSON, folders all the way down, - for standard input.
  --prune
      Objects of ours in the same namespaces that stand in none of the files are planned to be deleted.
  --preview
      Let AWS say beforehand what steps would do with what is there: the images that a lifecycle policy expires. ECR
      makes a preview for that, which takes some seconds and needs ecr:StartLifecyclePolicyPreview and
      ecr:GetLifecyclePolicyPreview; nothing else is changed.
  --no-cluster
      Look at AWS alone. References then only lead to objects in the files.
${WORLD_FLAGS_HELP}
Exit codes: 0 nothing would change, 1 error (also: something the operator would refuse), 2 something would change.
`

interface PlanOptions extends WorldOptions {
  readonly files: readonly string[]
  readonly prune: boolean
  readonly asksForPreview: boolean
}

/** `longshore plan`. */
export const run = worldCommand(optionsFrom, plan)

/** Makes and prints a plan; answers the exit code. Throws `Failure` for what cannot be reached. */
export async function plan(
  { files, prune, asksForPreview, format, where }: PlanOptions,
  { world, kinds: known, terminal }: Surroundings,
  signal: AbortSignal,
): Promise<number> {
  const read = await readManifests(files, {
    namespace: world.namespace,
    isNamespaceFixed: where.namespace !== undefined,
    kinds: new Set(known.map(({ kind }) => kind)),
    readInput: terminal.readInput,
  })
  if (read.errors.length > 0) {
    for (const error of read.errors) terminal.complain(error)
    return 1
  }
  const gathered = await gather({ kinds: known, manifests: read.manifests, prune }, world, signal)
  const objects = await planObjects(known, gathered, { world, asksForPreview }, signal)
  const document = summarized(objects, notesFor(world, read.skipped))
  printDocument(document, { format, terminal }, renderPlan)
  const failing = objects.filter(({ errors }) => errors.length > 0).length
  if (failing > 0) terminal.complain(`${failing} of ${objects.length} objects would not come true as they are written`)
  return exitCodeOf(document)
}

function notesFor({ cluster, installationId }: World, skipped: number): readonly string[] {
  return [
    ...(skipped > 0 ? [`${skipped} ${skipped === 1 ? 'document' : 'documents'} of other APIs left out`] : []),
    ...(cluster === undefined ? ['planned without a cluster: what an object was before is not known'] : []),
    ...(installationId === undefined
      ? ['no installation id is known, so nothing that exists in AWS counts as ours: give --installation-id']
      : []),
  ]
}

const FLAGS = {
  ...WORLD_FLAGS,
  filename: { takes: 'values', short: 'f' },
  prune: { takes: 'nothing' },
  preview: { takes: 'nothing' },
  'no-cluster': { takes: 'nothing' },
} as const

function optionsFrom(args: readonly string[]): PlanOptions | string {
  const flags = parseFlags(args, FLAGS, 'plan')
  if (flags.type === 'invalid') return flags.message
  const { given, values, positionals } = flags
  if (positionals[0] !== undefined) return `unexpected argument "${positionals[0]}": manifests come with -f`
  const files = values.get('filename') ?? []
  if (files.length === 0) return 'plan wants manifests: -f FILE, a folder, or - for standard input'
  const options = worldOptionsFrom(values)
  if (typeof options === 'string') return options
  const [prune, withoutCluster] = [given.has('prune'), given.has('no-cluster')]
  if (prune && withoutCluster) return '--prune compares with the cluster, so it cannot go with --no-cluster'
  const where = { ...options.where, withoutCluster }
  return { ...options, where, files, prune, asksForPreview: given.has('preview') }
}
