import type { AnyKind } from '../../../src/reconciler/kind.ts'
import { statusOf } from '../../../src/reconciler/managed.ts'
import { createConformanceAws } from '../../conformance/aws.ts'
import { statusProblems } from '../../conformance/status-rules.ts'
import { createWorld, type Manifest, type World } from '../../conformance/world.ts'

/** What became of a manifest that the API server takes. */
export interface Trial {
  /** `unmodelled`: the simulator does not know what the manifest asks for, and says so. */
  readonly end: 'ready' | 'stalled' | 'waiting' | 'unmodelled'
  readonly problems: readonly string[]
}

interface Player {
  readonly kind: AnyKind
  readonly manifest: Manifest
  /** What the example refers to. */
  readonly needs: readonly Manifest[]
}

/** Lets the operator work on it, and then deletes it: Ready or Stalled with the field named, and nothing left behind. */
export async function tryOut({ kind, manifest, needs }: Player): Promise<Trial> {
  const problems: string[] = []
  const world = createWorld({
    aws: createConformanceAws(),
    installationId: 'fuzz',
    watcher: {
      onStatus: (before, after) => {
        if (after.kind === kind.kind) problems.push(...statusProblems(kind, before, after))
      },
    },
  })
  world.apply(...needs, manifest)
  problems.push(...(await failureOf(() => world.settle())))
  if (world.aws.writes().some((write) => write.includes('UnsupportedBySimulator')))
    return { end: 'unmodelled', problems: [] }
  const { end, problems: told } = endOf(world, manifest)
  problems.push(...told)
  if (end === 'ready') problems.push(...(await unrestOf(world)))
  problems.push(...(await leftoversOf(world, [manifest, ...needs])))
  return { end, problems: [...new Set(problems)] }
}

async function failureOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await work()
    return []
  } catch (error) {
    return [`crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`]
  }
}

function endOf(world: World, manifest: Manifest): Trial {
  const { conditions = [] } = statusOf(world.object(manifest) ?? manifest)
  const ready = conditions.find(({ type }) => type === 'Ready')
  if (ready?.status === 'True') return { end: 'ready', problems: [] }
  if (ready === undefined) return { end: 'stalled', problems: ['it was not looked at'] }

  const { reason, message } = ready
  const isNamed = namesIn(manifest.spec).some((name) => message.includes(name))
  const unnamed = isNamed ? [] : [`${reason} names no field: ${message}`]
  if (reason === 'WaitingForReference') return { end: 'waiting', problems: unnamed }
  const isStalled = conditions.some(({ type }) => type === 'Stalled')
  const unclear = isStalled ? [] : [`neither Ready nor Stalled: ${reason}: ${message}`]
  return { end: 'stalled', problems: [...unnamed, ...unclear] }
}

/** Names of all members, the short ones aside, which might be in a sentence by chance. */
function namesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = Array.isArray(value) ? [] : Object.keys(value).filter((name) => name.length > 3)
  return [...own, ...Object.values(value).flatMap(namesIn)]
}

/** What AWS makes of a spec must be seen as what the spec says. */
async function unrestOf(world: World): Promise<readonly string[]> {
  const before = world.aws.writes().length
  const failures = await failureOf(() => world.reconcileAll())
  const again = world.aws.writes().slice(before)
  return [...failures, ...(again.length === 0 ? [] : [`writes although it is Ready: ${again.join(', ')}`])]
}

async function leftoversOf(world: World, manifests: readonly Manifest[]): Promise<readonly string[]> {
  for (const manifest of manifests) {
    const { spec, metadata } = world.object(manifest) ?? manifest
    const annotations = { ...metadata.annotations, 'longshore.dev/deletion-policy': 'Delete' }
    world.apply({ ...manifest, spec, metadata: { ...manifest.metadata, annotations } })
  }
  const failures = await failureOf(async () => {
    for (const manifest of manifests) await world.remove(manifest)
    await world.settle()
    // What was stopped takes its time.
    await world.run(300)
  })
  const left = manifests.filter((manifest) => world.object(manifest) !== undefined).map(({ kind }) => kind)
  const live = world.aws.live()
  return [
    ...failures,
    ...(left.length === 0 ? [] : [`${left.join(', ')} cannot be deleted`]),
    ...(Object.keys(live).length === 0 ? [] : [`AWS still has ${JSON.stringify(live)}`]),
  ]
}
