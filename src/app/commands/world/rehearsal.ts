import type { KubeObject } from '../../../kube/cluster.ts'
import { resourceTypeOf } from '../../../reconciler/api.ts'
import type { AnyKind } from '../../../reconciler/kind.ts'
import type { RehearsalDeps } from '../../../reconciler/rehearse.ts'
import { createSystemRandom } from '../../../runtime/clock.ts'
import type { World } from './reach.ts'

/** As the operator's own default: so long after a create AWS may still say that there is nothing. */
const SETTLE_SECONDS = 15
/** Whose the things in AWS are cannot be told: then nothing that exists is ours. */
const NOBODY = 'unknown'

/** Who owns what is ours in AWS. */
export function installationIn({ installationId = NOBODY }: Pick<World, 'installationId'>): string {
  return installationId
}

/** What rehearsals need, which see no objects but these: by `Kind namespace/name`. */
export function rehearsalDeps(
  { kinds, objects }: { readonly kinds: readonly AnyKind[]; readonly objects: ReadonlyMap<string, KubeObject> },
  world: World,
  signal: AbortSignal,
): (kind: AnyKind) => RehearsalDeps {
  const storeOf: RehearsalDeps['storeOf'] = (name) => {
    const kind = kinds.find((candidate) => candidate.kind === name)
    const get = (key: string): KubeObject | undefined => objects.get(`${name} ${key}`)
    return kind && { kind, store: { get, list: () => [], byIndex: () => [] } }
  }
  const installationId = installationIn(world)
  const settings = { installationId, settleSeconds: SETTLE_SECONDS, drift: 'Repair', blinkSeconds: 0 } as const
  const scopeFor: RehearsalDeps['scopeFor'] = () => world.scopeFor(signal)
  return (kind) => {
    const type = resourceTypeOf(kind)
    return { kind, type, storeOf, scopeFor, clock: world.clock, random: createSystemRandom(), settings }
  }
}
