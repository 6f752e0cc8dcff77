import type { AnyKind } from '../../src/reconciler/kind.ts'

const GROUP = 'longshore.dev'
const READ = ['get', 'list', 'watch']
const EDIT = [...READ, 'create', 'update', 'patch', 'delete', 'deletecollection']

interface RoleRule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

/** The RBAC objects of the chart; names and namespaces are filled in by Helm. */
export function rbacObjects(kinds: readonly Pick<AnyKind, 'presentation'>[]): readonly object[] {
  const plurals = kinds.map(({ presentation }) => presentation.plural).toSorted()
  return [
    clusterRole('operator', operatorRules(plurals)),
    // Kubernetes adds these rules to its own roles: who may edit a namespace may edit our kinds in it.
    clusterRole('edit', [ours(plurals, EDIT)], ['edit', 'admin']),
    clusterRole('view', [ours(plurals, READ)], ['view']),
    role('leader-election', [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update', 'patch'] },
    ]),
  ]
}

function operatorRules(plurals: readonly string[]): readonly RoleRule[] {
  const sub = (name: string) => plurals.map((plural) => `${plural}/${name}`)
  return [
    // `patch` writes the finalizer and the fields that are filled in once.
    ours(plurals, [...READ, 'patch']),
    ours(sub('status'), ['get', 'patch']),
    ours(sub('finalizers'), ['update']),
    { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
    // The uid of kube-system is the default installation id.
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  ]
}

function ours(resources: readonly string[], verbs: readonly string[]): RoleRule {
  return { apiGroups: [GROUP], resources, verbs }
}

function clusterRole(name: string, rules: readonly RoleRule[], aggregateTo: readonly string[] = []) {
  const labels = aggregateTo.map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true'])
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {
      name: `{{ .Release.Name }}-${name}`,
      ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
    },
    rules,
  }
}

function role(name: string, rules: readonly RoleRule[]) {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: `{{ .Release.Name }}-${name}`, namespace: '{{ .Release.Namespace }}' },
    rules,
  }
}
