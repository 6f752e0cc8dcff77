import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { findChartTools } from '../../tools/charts/chart-tools.ts'
import { startControlPlane } from '../../tools/control-plane/control-plane.ts'
import { ALERTS } from '../../tools/generate/chart/alerts.ts'
import { blocksIn, openShell, pageAt, type Shell } from '../support/docs.ts'

/** In a cluster of the page's own. */
async function openOwnShell(): Promise<Shell> {
  const controlPlane = await startControlPlane()
  after(() => controlPlane.stop())
  const shell = await openShell({ kubeconfigPath: controlPlane.kubeconfigPath, programs: [findChartTools()] })
  after(() => shell.close())
  return shell
}

/** A person takes longer to turn the page than the API server to serve new kinds. */
const UNTIL_SERVED = 'timeout 30 sh -c "until kubectl get longshore --all-namespaces; do :; done"'

for (const pages of [['docs/install.md'], ['docs/security.md', 'docs/operations.md']]) {
  describe(`what is typed in ${pages.join(' and ')} works`, async () => {
    const shell = await openOwnShell()
    for (const path of pages) {
      if (path !== pages[0]) test('the page is turned', () => shell.run(UNTIL_SERVED))
      for (const { line, commands } of blocksIn(await pageAt(path))) {
        test(`${path}:${line}`, () => shell.run(commands))
      }
    }
  })
}

describe('docs/operations.md', () => {
  test('has a chapter for every alert, in the order of the rules', async () => {
    const chapters = [...(await pageAt('docs/operations.md')).matchAll(/^### (Longshore\w+)$/gm)].map(
      ([, name]) => name,
    )

    assert.deepEqual(
      chapters,
      ALERTS.map(({ alert }) => alert),
    )
  })
})
