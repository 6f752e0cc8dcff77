import { Failure } from '../../../../core/failure.ts'
import type { AnyKind } from '../../../../reconciler/kind.ts'
import { statusOf } from '../../../../reconciler/managed.ts'
import type { World } from '../../world/reach.ts'
import type { Gathered } from '../gather.ts'
import { findDifferences, type Difference } from './differences.ts'
import { searchTrail, type Findings, type Suspect } from './search.ts'

/** What there is to know about who changed things in AWS. */
export interface GatheredBlame extends Findings {
  readonly differences: readonly Difference[]
  /** Why CloudTrail was not asked, or what it said instead of an answer. */
  readonly silence: string | undefined
}

/** Reads what differs in AWS now, and what CloudTrail tells of calls to what the object owns. */
export async function gatherBlame(
  gathered: Pick<Gathered, 'kind' | 'object' | 'references'>,
  { world, kinds }: { readonly world: World; readonly kinds: readonly AnyKind[] },
  signal: AbortSignal,
): Promise<GatheredBlame> {
  const [differences, findings] = await Promise.all([
    findDifferences(gathered, { world, kinds }, signal),
    search(gathered, world, signal),
  ])
  return { differences, ...findings }
}

type Searched = Omit<GatheredBlame, 'differences'>

/** What CloudTrail does not tell must not hide the rest. */
async function search(
  { kind, object }: Pick<Gathered, 'kind' | 'object'>,
  world: World,
  signal: AbortSignal,
): Promise<Searched> {
  const suspects = suspectsIn(kind, statusOf(object).inventory ?? [])
  try {
    const elsewhere = await elsewhereSentence(statusOf(object), world, signal)
    if (elsewhere !== undefined) return { calls: [], gaps: [], silence: elsewhere }
    const trail = await world.openTrail()
    return { ...(await searchTrail(trail, suspects, signal)), silence: undefined }
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'aborted') throw error
    return { calls: [], gaps: [], silence: silenceSentence(error) }
  }
}

function suspectsIn(kind: AnyKind, inventory: readonly { readonly type: string; readonly id: string }[]) {
  return inventory.flatMap(({ type, id }): readonly Suspect[] => {
    const trail = kind.resources.find((resource) => resource.type === type)?.trail
    return trail === undefined ? [] : [{ type, id, trail }]
  })
}

/** CloudTrail answers for one account and Region. */
async function elsewhereSentence(
  { accountId, region }: ReturnType<typeof statusOf>,
  world: World,
  signal: AbortSignal,
): Promise<string | undefined> {
  const scope = await world.scopeFor(signal)
  if (accountId !== undefined && accountId !== scope.accountId)
    return `These credentials are of account ${scope.accountId}, the object is in ${accountId}: ask CloudTrail with credentials of that.`
  if (region !== undefined && region !== scope.region)
    return `The object is in ${region}, not in ${scope.region}: set AWS_REGION to ask CloudTrail there.`
  return undefined
}

function silenceSentence({ code, message }: Failure): string {
  if (code !== 'denied') return `CloudTrail does not tell: ${message}.`
  return `CloudTrail may not be asked with these credentials: allow cloudtrail:LookupEvents on "*" to whoever explains; the operator needs it not (${message}).`
}
