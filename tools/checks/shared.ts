import { join } from 'node:path'
import { pid, stdout } from 'node:process'
import { CHART_TOOLS_VARIABLE, findChartTools } from '../charts/chart-tools.ts'
import { startControlPlane } from '../control-plane/control-plane.ts'
import { createKubectl, installCrds } from '../control-plane/kubectl.ts'
import { openDocker } from '../docker/daemon.ts'
import { GITOPS_TOOLS_VARIABLE, findGitopsTools } from '../gitops/gitops-tools.ts'
import { buildImages } from '../images/build-images.ts'
import { removeImages } from '../images/remove-images.ts'
import { removeKindCluster } from '../kind/cluster.ts'
import { findNodeImage } from '../kind/node-image.ts'
import { folderOf } from '../kind/set-up.ts'
import { ROOT } from './stage.ts'
import { NEED_ARGO_CD, NEED_DOCKER, type Section } from './test-files.ts'

/** What test files share, because it is slow to make. */
export interface Shared {
  /** Environment variables that tell them where it is. */
  readonly variables: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** Kinds of tests that want an API server. */
const NEED_API_SERVER: ReadonlySet<string> = new Set(['faults', 'integration', 'charts', 'images'])
/** Kinds of tests that want helm and promtool. */
const NEED_CHART_TOOLS: ReadonlySet<string> = new Set(['charts', 'gitops', 'kind'])

/** Opens what these tests want: an API server with the CRDs installed, images of the programs and of a kind node. */
export async function openShared(sections: readonly Section[]): Promise<Shared> {
  const opened: Shared[] = []
  const isWanted = (by: ReadonlySet<string>): boolean => sections.some(({ name }) => by.has(name))
  const close = async (): Promise<void> => {
    for (const shared of opened.toReversed()) await shared.close()
  }
  try {
    if (isWanted(NEED_CHART_TOOLS)) opened.push(openChartTools())
    if (isWanted(NEED_ARGO_CD)) opened.push(openGitopsTools())
    if (isWanted(NEED_DOCKER)) opened.push(await openImages())
    if (isWanted(new Set(['kind']))) opened.push(await openKind())
    if (isWanted(NEED_API_SERVER)) opened.push(await openCluster())
    return { variables: Object.assign({}, ...opened.map(({ variables }) => variables)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** See test/support/control-plane.ts. */
async function openCluster(): Promise<Shared> {
  const startedAt = performance.now()
  const controlPlane = await startControlPlane()
  await installCrds(createKubectl(controlPlane.kubeconfigPath), join(ROOT, 'crds'))
  tellTime('control plane', startedAt)
  return { variables: { LONGSHORE_TEST_KUBECONFIG: controlPlane.kubeconfigPath }, close: controlPlane.stop }
}

/** Only the tests of the charts need helm and promtool, which take minutes to build where nobody has built them. */
function openChartTools(): Shared {
  const startedAt = performance.now()
  const folder = findChartTools()
  tellTime('helm and promtool', startedAt)
  return { variables: { [CHART_TOOLS_VARIABLE]: folder }, close: () => Promise.resolve() }
}

/** See test/support/argo-cd.ts: each file that wants Argo CD at work starts its own. */
function openGitopsTools(): Shared {
  const startedAt = performance.now()
  const { folder } = findGitopsTools()
  tellTime('Argo CD', startedAt)
  return { variables: { [GITOPS_TOOLS_VARIABLE]: folder }, close: () => Promise.resolve() }
}

/** See test/support/images.ts. */
async function openImages(): Promise<Shared> {
  const { docker, close } = await openDocker()
  try {
    const images = await buildImages({ docker, tag: `test-${pid}`, tell })
    const variables = {
      LONGSHORE_TEST_OPERATOR_IMAGE: images.operator,
      LONGSHORE_TEST_SIMULATOR_IMAGE: images.simulator,
    }
    const closeAll = async (): Promise<void> => {
      await removeImages(docker, images)
      await close()
    }
    return { variables, close: closeAll }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * See test/support/kind.ts. The cluster itself lives as long as the file that has it: it would take its share of the
 * processors from all other tests. Here it is only removed, for a test that was killed.
 */
async function openKind(): Promise<Shared> {
  const { docker, close } = await openDocker()
  try {
    await folderOf('kind')
    const startedAt = performance.now()
    const image = await findNodeImage(docker, tell)
    tellTime('kind node image', startedAt)
    const name = `longshore-${pid}`
    const closeAll = async (): Promise<void> => {
      await removeKindCluster(docker, name)
      await close()
    }
    return { variables: { LONGSHORE_TEST_KIND_IMAGE: image, LONGSHORE_TEST_KIND_NAME: name }, close: closeAll }
  } catch (error) {
    await close()
    throw error
  }
}

function tellTime(what: string, startedAt: number): void {
  tell(`✔ ${what.padEnd(18)} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

function tell(line: string): void {
  stdout.write(`${line}\n`)
}
