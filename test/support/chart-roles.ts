import { readFile, writeFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { createKubectl } from '../../tools/control-plane/kubectl.ts'
import type { RoleRule, RoleRules } from '../../tools/generate/rbac.ts'
import type { TestCluster } from './control-plane.ts'

/** Name of the service account that `bindChartRoles` gives the operator's roles. */
export const OPERATOR_ACCOUNT = 'longshore'

/** The rules of which the chart makes roles. */
export async function chartRules(name: keyof RoleRules): Promise<readonly RoleRule[]> {
  const file = new URL(`../../charts/longshore/files/rbac/${name}.yaml`, import.meta.url)
  const rules: readonly RoleRule[] = parse(await readFile(file, 'utf8'))
  return rules
}

/** Creates the operator's roles, as the chart has them, for the test's namespace and binds them to its account there. */
export async function bindChartRoles({ kubeconfigPath, kubectl, namespace }: TestCluster): Promise<void> {
  // Cluster roles have no namespace; its name, which has the process id in it, keeps them apart.
  const name = namespace
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const operator = [...(await chartRules('operator')), ...(await chartRules('installation'))]
  const items = [
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules: operator },
    { apiVersion, kind: 'Role', metadata: { name, namespace }, rules: await chartRules('leader-election') },
  ]
  const roles = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  await createKubectl(kubeconfigPath, roles)('apply', '--validate=strict', '--filename', '-')
  const subject = `--serviceaccount=${namespace}:${OPERATOR_ACCOUNT}`
  await kubectl('create', 'clusterrolebinding', name, `--clusterrole=${name}`, subject)
  await kubectl('create', 'rolebinding', name, `--role=${name}`, subject, '-n', namespace)
}

/** Writes a kubeconfig that speaks as the operator's account, with the chart's roles and no more. */
export async function writeOperatorKubeconfig(cluster: TestCluster, path: string): Promise<void> {
  await cluster.kubectl('create', 'serviceaccount', OPERATOR_ACCOUNT, '--namespace', cluster.namespace)
  await bindChartRoles(cluster)
  await writeAccountKubeconfig(cluster, path)
}

/** Writes a kubeconfig that speaks as the operator's account in the namespace, whatever that may do. */
export async function writeAccountKubeconfig(cluster: TestCluster, path: string): Promise<void> {
  const { kubectl, namespace, kubeconfigPath } = cluster
  const token = await kubectl('create', 'token', OPERATOR_ACCOUNT, '--namespace', namespace)
  const administrator: { readonly users: readonly { readonly name: string }[] } = JSON.parse(
    await readFile(kubeconfigPath, 'utf8'),
  )
  const users = administrator.users.map(({ name }) => ({ name, user: { token: token.trim() } }))
  await writeFile(path, JSON.stringify({ ...administrator, users }), { mode: 0o600 })
}
