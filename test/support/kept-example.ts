import assert from 'node:assert/strict'
import { createKubectl } from '../../tools/control-plane/kubectl.ts'
import { applicationExample, applicationStatus, type ApplicationStatus } from './application.ts'
import { startArgoCd } from './argo-cd.ts'
import { createGitRepository, type GitRepository } from './git-repository.ts'
import { exampleAt, startJourney, type Journey } from './journey.ts'

/** The example that is kept, in the repository. */
export const FOLDER = 'examples/first-service'
export const SERVICE = `${FOLDER}/service.yaml`
const NAME = 'first-service'
/** As often as it takes to see a tug-of-war: each look that finds a difference begins a sync. */
const LOOKS = 3

/** examples/first-service, kept by Argo CD as examples/gitops/application.yaml says, in a cluster of the test file's own. */
export interface KeptExample {
  readonly journey: Journey
  readonly repository: GitRepository
  /** Creates the Application and answers the first commit. */
  readonly begin: () => Promise<string>
  readonly status: () => Promise<ApplicationStatus>
  /** What Argo CD shows of the service. */
  readonly healthOfService: () => Promise<{ readonly status?: string; readonly message?: string } | undefined>
  /** Whether the cluster is as the commit says, and Healthy. */
  readonly inStep: (revision: string) => Promise<boolean>
  /** As the journey's; says what Argo CD says when it was not seen. */
  readonly eventually: Journey['eventually']
  readonly commitEdit: (message: string, change: (text: string) => string) => Promise<string>
  /** What the spec of the service says at a path. */
  readonly spec: (path: string) => Promise<string>
  /** Has Argo CD forget what it knows of Git and cluster, and compare anew. */
  readonly look: () => Promise<void>
  /** Fails if anything moves while Argo CD looks several times. */
  readonly assertNobodyPulls: () => Promise<void>
  readonly remove: () => Promise<void>
}

export async function keepExample(fileUrl: string): Promise<KeptExample> {
  const journey = await startJourney(fileUrl, { cluster: 'own' })
  const { namespace, kubeconfigPath, kubectl, simulator } = journey
  const argo = await startArgoCd(kubeconfigPath)
  const repository = await createGitRepository()
  const status = async (): Promise<ApplicationStatus> => (await applicationStatus(argo, NAME)) ?? {}
  const eventually: Journey['eventually'] = (what, ask) =>
    journey.eventually(what, ask).catch(async (error: Error) => {
      throw new Error(`${error.message}\nThe Application:\n${JSON.stringify(await status(), undefined, 2)}`)
    })

  async function look(): Promise<void> {
    await argo('annotate', 'application', NAME, 'argocd.argoproj.io/refresh=hard')
    const wish = [
      'get',
      'application',
      NAME,
      '--output=jsonpath={.metadata.annotations.argocd\\.argoproj\\.io/refresh}',
    ]
    await eventually('a look of Argo CD', async () => (await argo(...wish)) === '')
  }

  /** Everything that would move in a tug-of-war. */
  async function positions() {
    const generations = '--output=jsonpath={range .items[*]}{.kind}={.metadata.generation} {end}'
    const { sync, operationState } = await status()
    return {
      sync: sync?.status,
      lastSync: operationState?.startedAt,
      generations: await kubectl('get', 'longshore', generations),
      awsWrites: (await simulator.writes()).map(({ operation }) => operation),
    }
  }

  return {
    journey,
    repository,
    begin: async () => {
      const scripts = exampleAt('gitops/argocd-cm/by-kind.yaml')
      await createKubectl(kubeconfigPath)('apply', '--server-side', '--filename', scripts)
      await repository.copy(exampleAt('first-service'), FOLDER)
      const revision = await repository.commit('a first service')
      const application = await applicationExample({ repoURL: repository.url, namespace })
      await createKubectl(kubeconfigPath, JSON.stringify(application))('apply', '--filename', '-')
      return revision
    },
    status,
    healthOfService: async () => (await status()).resources?.find(({ kind }) => kind === 'EcsService')?.health,
    inStep: async (revision) => {
      const { sync, health } = await status()
      return sync?.status === 'Synced' && sync.revision === revision && health?.status === 'Healthy'
    },
    eventually,
    commitEdit: async (message, change) => {
      await repository.edit(SERVICE, change)
      return repository.commit(message)
    },
    spec: (path) => kubectl('get', 'ecsservice', 'hello', `--output=jsonpath={.spec.${path}}`),
    look,
    assertNobodyPulls: async () => {
      const before = await positions()
      for (let looks = 0; looks < LOOKS; looks += 1) await look()

      assert.equal(before.sync, 'Synced')
      assert.deepEqual(await positions(), before)
    },
    remove: async () => void (await argo('delete', 'application', NAME, '--timeout=60s')),
  }
}
