import type { ResourceType } from '../kube/cluster.ts'
import type { AnyKind } from './kind.ts'

/** API group of every kind of ours. */
const GROUP = 'longshore.dev'
const VERSION = 'v1alpha1'

/** Where the API server serves a kind. */
export function resourceTypeOf({ kind, presentation }: Pick<AnyKind, 'kind' | 'presentation'>): ResourceType {
  return { group: GROUP, version: VERSION, plural: presentation.plural, kind, namespaced: true }
}
