import { readFile, writeFile } from 'node:fs/promises'
import { createKubectl } from '../../tools/control-plane/kubectl.ts'
import type { TestCluster } from './control-plane.ts'

const TEMPLATE = new URL('../../charts/longshore/templates/rbac.yaml', import.meta.url)

/** Name of the service account that `bindChartRoles` gives the operator's roles. */
export const OPERATOR_ACCOUNT = 'longshore'

/** Creates the chart's roles, released under the name of the test's namespace, and binds the operator's to its account there. */
export async function bindChartRoles({ kubeconfigPath, kubectl, namespace }: TestCluster): Promise<void> {
  // Cluster roles have no namespace; its name, which has the process id in it, keeps them apart.
  const release = namespace
  const template = await readFile(TEMPLATE, 'utf8')
  const roles = template.replaceAll('{{ .Release.Name }}', release).replaceAll('{{ .Release.Namespace }}', namespace)
  await createKubectl(kubeconfigPath, roles)('apply', '--validate=strict', '--filename', '-')
  const subject = `--serviceaccount=${namespace}:${OPERATOR_ACCOUNT}`
  await kubectl('create', 'clusterrolebinding', release, `--clusterrole=${release}-operator`, subject)
  await kubectl('create', 'rolebinding', release, `--role=${release}-leader-election`, subject, '-n', namespace)
}

/** Writes a kubeconfig that speaks as the operator's account, with the chart's roles and no more. */
export async function writeOperatorKubeconfig(cluster: TestCluster, path: string): Promise<void> {
  const { kubectl, namespace, kubeconfigPath } = cluster
  await kubectl('create', 'serviceaccount', OPERATOR_ACCOUNT, '--namespace', namespace)
  await bindChartRoles(cluster)
  const token = await kubectl('create', 'token', OPERATOR_ACCOUNT, '--namespace', namespace)
  const administrator: { readonly users: readonly { readonly name: string }[] } = JSON.parse(
    await readFile(kubeconfigPath, 'utf8'),
  )
  const users = administrator.users.map(({ name }) => ({ name, user: { token: token.trim() } }))
  await writeFile(path, JSON.stringify({ ...administrator, users }), { mode: 0o600 })
}
