import { digest } from '../../core/hash.ts'
import type { DesiredCluster, ObservedCluster } from './state.ts'

// ECS answers the namespace's ARN even when it was given a name, and only Cloud Map could say which name that is. The
// name that was set is kept as a tag, written after the update, so that neither a crash nor a lost status can mislead:
// as its hash, because a name may hold characters that a tag may not.
export const NAMESPACE_TAG = 'longshore.dev/service-connect-namespace'
const HASH_DIGITS = 32

type Desired = Pick<DesiredCluster, 'serviceConnectNamespace'>

/** The tag that the cluster must carry; undefined: none. */
export function namespaceTagValue({ serviceConnectNamespace: wanted }: Desired): string | undefined {
  return wanted === undefined || wanted === '' || wanted.startsWith('arn:') ? undefined : digest(wanted, HASH_DIGITS)
}

/** Whether the cluster has the namespace that is wanted, as far as can be known. */
export function hasNamespace(
  desired: Desired,
  { serviceConnectNamespace: current, tags }: Pick<ObservedCluster, 'serviceConnectNamespace' | 'tags'>,
): boolean {
  const wanted = desired.serviceConnectNamespace
  if (wanted === undefined || wanted === (current ?? '')) return true
  const tag = namespaceTagValue(desired)
  return current !== undefined && tag !== undefined && tags[NAMESPACE_TAG] === tag
}
