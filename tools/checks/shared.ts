import { join } from 'node:path'
import { pid, stdout } from 'node:process'
import { CHART_TOOLS_VARIABLE, findChartTools } from '../charts/chart-tools.ts'
import { startControlPlane } from '../control-plane/control-plane.ts'
import { createKubectl, installCrds } from '../control-plane/kubectl.ts'
import { openDocker } from '../docker/daemon.ts'
import { buildImages } from '../images/build-images.ts'
import { removeImages } from '../images/remove-images.ts'
import { ROOT } from './stage.ts'
import { NEED_DOCKER, type Section } from './test-files.ts'

/** What test files share, because it is slow to make. */
export interface Shared {
  /** Environment variables that tell them where it is. */
  readonly variables: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** Kinds of tests that want an API server. */
const NEED_CLUSTER: ReadonlySet<string> = new Set(['faults', 'integration', 'charts', 'images'])

/** Opens what these tests want: an API server with the CRDs installed, images of the programs. */
export async function openShared(sections: readonly Section[]): Promise<Shared> {
  const opened: Shared[] = []
  const close = async (): Promise<void> => {
    for (const shared of opened.toReversed()) await shared.close()
  }
  try {
    if (sections.some(({ name }) => name === 'charts')) opened.push(openChartTools())
    if (sections.some(({ name }) => NEED_DOCKER.has(name))) opened.push(await openImages())
    if (sections.some(({ name }) => NEED_CLUSTER.has(name))) opened.push(await openCluster())
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

function tellTime(what: string, startedAt: number): void {
  tell(`✔ ${what.padEnd(18)} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

function tell(line: string): void {
  stdout.write(`${line}\n`)
}
