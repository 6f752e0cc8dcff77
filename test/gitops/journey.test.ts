import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKubectl } from '../../tools/control-plane/kubectl.ts'
import { applicationExample, applicationStatus, type ApplicationStatus } from '../support/application.ts'
import { startArgoCd } from '../support/argo-cd.ts'
import { createGitRepository } from '../support/git-repository.ts'
import { exampleAt, startJourney } from '../support/journey.ts'

// Journey 19: examples/first-service, kept by Argo CD as examples/gitops/application.yaml says. Each step goes on where the one
// before it left.
const { namespace, kubeconfigPath, eventually } = await startJourney(import.meta.url, { cluster: 'own' })
const { kubectl: argo } = await startArgoCd(kubeconfigPath)
const repository = await createGitRepository()
const NAME = 'first-service'

async function status(): Promise<ApplicationStatus> {
  return (await applicationStatus(argo, NAME)) ?? {}
}

async function inStep(revision: string): Promise<boolean> {
  const { sync, health } = await status()
  return sync?.status === 'Synced' && sync.revision === revision && health?.status === 'Healthy'
}

test('what is in Git is Synced at once and Healthy when the rollout is finished', async () => {
  await createKubectl(kubeconfigPath)(
    'apply',
    '--server-side',
    '--filename',
    exampleAt('gitops/argocd-cm/by-kind.yaml'),
  )
  await repository.copy(exampleAt('first-service'), 'examples/first-service')
  const revision = await repository.commit('a first service')
  const application = await applicationExample({ repoURL: repository.url, namespace })
  await createKubectl(kubeconfigPath, JSON.stringify(application))('apply', '--filename', '-')

  await eventually('a service that is Progressing', async () =>
    (await status()).resources?.some(({ kind, health }) => kind === 'EcsService' && health?.status === 'Progressing'),
  )
  await eventually('an Application in step', () => inStep(revision))
  assert.deepEqual(
    (await status()).resources?.map(({ kind, name, status: sync, health }) => [kind, name, sync, health?.status]),
    [
      ['EcrRepository', 'hello', 'Synced', 'Healthy'],
      ['EcsCluster', 'demo-cluster', 'Synced', 'Healthy'],
      ['EcsService', 'hello', 'Synced', 'Healthy'],
    ],
  )
})
