import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createKubectl, installCrds } from '../../tools/control-plane/kubectl.ts'
import { findGitopsTools } from '../../tools/gitops/gitops-tools.ts'
import { joinCluster } from '../support/control-plane.ts'
import { exampleAt } from '../support/journey.ts'

// Argo CD's definitions come with the module that its program is built from.
const { kubeconfigPath } = await joinCluster(import.meta.url, 'own')
const kubectl = createKubectl(kubeconfigPath)
await installCrds(kubectl, findGitopsTools().crds)
await kubectl('create', 'namespace', 'argocd')

describe('examples/gitops', () => {
  for (const file of ['application.yaml', 'applicationset.yaml', 'operator.yaml']) {
    test(`${file} has no field that Argo CD does not know`, async () => {
      const said = await kubectl(
        'apply',
        '--validate=strict',
        '--dry-run=server',
        '--filename',
        exampleAt(`gitops/${file}`),
      )

      assert.match(said, /created \(server dry run\)/)
    })
  }

  test('argocd-cm/by-kind.yaml leaves the settings of others alone', async () => {
    await kubectl('create', 'configmap', 'argocd-cm', '--namespace=argocd', '--from-literal=timeout.reconciliation=60s')
    await kubectl('apply', '--server-side', '--filename', exampleAt('gitops/argocd-cm/by-kind.yaml'))

    assert.equal(
      await kubectl(
        'get',
        'configmap/argocd-cm',
        '--namespace=argocd',
        '--output=jsonpath={.data.timeout\\.reconciliation}',
      ),
      '60s',
    )
  })
})
