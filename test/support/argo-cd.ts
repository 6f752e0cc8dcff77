import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { env } from 'node:process'
import { after } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { findChartTools } from '../../tools/charts/chart-tools.ts'
import { type Kubectl, createKubectl, installCrds } from '../../tools/control-plane/kubectl.ts'
import { type StartCommand, type Supervision, superviseIn } from '../../tools/control-plane/supervision.ts'
import { findGitopsTools } from '../../tools/gitops/gitops-tools.ts'
import { startGarbageCollector } from './garbage-collector.ts'

/** Where Argo CD and its Applications live. */
const ARGO_CD_NAMESPACE = 'argocd'

const PATIENCE_SECONDS = 60
const POLL_MILLISECONDS = 100
/** How often Argo CD looks at Git and compares by itself; its default is 120 s. */
const REFRESH_SECONDS = 5

/**
 * Starts Argo CD's application controller, applicationset controller and repo server as processes beside the API server, as
 * an administrator of the cluster, and ends them with the test file. Their settings are as they are installed, but for how
 * often they look. Answers kubectl in their namespace.
 */
export async function startArgoCd(kubeconfigPath: string): Promise<Kubectl> {
  const kubectl = createKubectl(kubeconfigPath)
  await installCrds(kubectl, findGitopsTools().crds)
  await kubectl('create', 'namespace', ARGO_CD_NAMESPACE)
  await createKubectl(kubeconfigPath, JSON.stringify(SETTINGS))('apply', '--filename', '-')
  const folder = await mkdtemp(join(tmpdir(), 'longshore-argo-cd-'))
  const supervision = superviseIn(folder, ({ name, code }) => process.stderr.write(`${name} ended with ${code}\n`))
  after(() => supervision.stop())
  await startPrograms({ folder, supervision, kubeconfigPath })
  await startGarbageCollector(kubeconfigPath)
  return (...args) => kubectl('--namespace', ARGO_CD_NAMESPACE, ...args)
}

const metadata = {
  namespace: ARGO_CD_NAMESPACE,
  // Argo CD looks at nothing else.
  labels: { 'app.kubernetes.io/part-of': 'argocd' },
}

/** What an installation of Argo CD begins with. */
const SETTINGS = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata, name: 'argocd-cm' },
      data: { 'timeout.reconciliation': `${REFRESH_SECONDS}s` },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, name: 'argocd-rbac-cm' } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...metadata, name: 'argocd-secret' },
      stringData: { 'server.secretkey': 'signs nothing here' },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { ...metadata, name: 'default' },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ server: '*', namespace: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    },
  ],
}

interface Place {
  readonly folder: string
  readonly supervision: Supervision
  readonly kubeconfigPath: string
}

/** Each listens on a port that the system gives it, and says which in its log. */
async function startPrograms({ folder, supervision, kubeconfigPath }: Place): Promise<void> {
  const env = await environmentIn(folder)
  const start = (name: string, ...args: readonly string[]): void =>
    supervision.start(commandFor({ name, args, env, kubeconfigPath }))
  const addressOf = (name: string, pattern: RegExp): Promise<string> => addressIn(join(folder, `${name}.log`), pattern)

  start('cache', '127.0.0.1:0')
  const cache = await addressOf('cache', /^listening on (\S+)$/m)
  start('repo-server', ...REPO_SERVER_FLAGS, `--redis=${cache}`)
  const repoServer = await addressOf('repo-server', /listening on (\d\S+?)"/)
  const common = [`--kubeconfig=${kubeconfigPath}`, `--namespace=${ARGO_CD_NAMESPACE}`]
  start(
    'application-controller',
    ...common,
    '--metrics-port=0',
    `--redis=${cache}`,
    `--repo-server=${repoServer}`,
    '--repo-server-plaintext',
    `--app-resync=${REFRESH_SECONDS}`,
    '--app-resync-jitter=0',
    // Otherwise the health of each object is only in the cache, where the web interface finds it.
    '--persist-resource-health',
  )
  start(
    'applicationset-controller',
    ...common,
    '--metrics-addr=127.0.0.1:0',
    '--probe-addr=127.0.0.1:0',
    '--webhook-addr=127.0.0.1:0',
    `--argocd-repo-server=${repoServer}`,
    '--repo-server-plaintext',
  )
}

const REPO_SERVER_FLAGS = [
  '--address=127.0.0.1',
  '--port=0',
  '--metrics-address=127.0.0.1',
  '--metrics-port=0',
  '--disable-tls',
  // For so long it believes that a branch is where it was.
  '--revision-cache-expiration=1s',
]

/** What the programs keep in files goes to the folder. */
async function environmentIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const own = (name: string): string => join(folder, name)
  await Promise.all(['tmp', 'gnupg', 'home'].map((name) => mkdir(own(name))))
  return {
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_GNUPGHOME: own('gnupg'),
    ARGOCD_ASK_PASS_SOCK: own('ask-pass.sock'),
    // It is not in the cluster; https://kubernetes.default.svc is that of the kubeconfig.
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    HOME: own('home'),
    // For sources that are charts.
    PATH: [findChartTools(), env['PATH']].join(delimiter),
    TMPDIR: own('tmp'),
  }
}

interface ProgramInput {
  readonly name: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly kubeconfigPath: string
}

function commandFor({ name, args, env, kubeconfigPath }: ProgramInput): StartCommand {
  return {
    name,
    command: findGitopsTools().argocd,
    args: [name, ...args],
    env: { ...env, KUBECONFIG: kubeconfigPath },
  }
}

async function addressIn(logPath: string, pattern: RegExp): Promise<string> {
  const deadline = performance.now() + PATIENCE_SECONDS * 1000
  for (;;) {
    const log = await readFile(logPath, 'utf8').catch(() => '')
    const [, address] = pattern.exec(log) ?? []
    if (address !== undefined) return address
    if (performance.now() > deadline) throw new Error(`${logPath} names no address:\n${log}`)
    await setTimeout(POLL_MILLISECONDS)
  }
}
