import type { AnyKind } from '../../src/reconciler/kind.ts'

const GROUP = 'longshore.dev'
const READ = ['get', 'list', 'watch']
const EDIT = [...READ, 'create', 'update', 'patch', 'delete', 'deletecollection']

/** A rule of a Role or ClusterRole. */
export interface RoleRule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

/** Rules by what they are for; the chart's templates make roles of them. */
export interface RoleRules {
  /** What the operator does to our kinds, in the cluster or in each namespace that it watches. */
  readonly operator: readonly RoleRule[]
  /** How it learns its installation id where no setting says it. */
  readonly installation: readonly RoleRule[]
  /** In the namespace of its lease. */
  readonly 'leader-election': readonly RoleRule[]
  /** What Kubernetes' own roles are to allow in addition: who may edit a namespace may edit our kinds in it. */
  readonly edit: readonly RoleRule[]
  readonly view: readonly RoleRule[]
}

export function roleRules(kinds: readonly Pick<AnyKind, 'presentation'>[]): RoleRules {
  const plurals = kinds.map(({ presentation }) => presentation.plural).toSorted()
  const sub = (name: string) => plurals.map((plural) => `${plural}/${name}`)
  return {
    operator: [
      // `patch` writes the finalizer and the fields that are filled in once.
      ours(plurals, [...READ, 'patch']),
      ours(sub('status'), ['get', 'patch']),
      ours(sub('finalizers'), ['update']),
      { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
    ],
    // The uid of kube-system is the default installation id.
    installation: [{ apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] }],
    // No resourceNames: what is created has no name yet when rules are looked at.
    'leader-election': [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update', 'patch'] },
    ],
    edit: [ours(plurals, EDIT)],
    view: [ours(plurals, READ)],
  }
}

function ours(resources: readonly string[], verbs: readonly string[]): RoleRule {
  return { apiGroups: [GROUP], resources, verbs }
}
