import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { env } from 'node:process'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findChartTools } from '../../tools/charts/chart-tools.ts'
import { findAssets } from '../../tools/control-plane/assets.ts'
import { startControlPlane } from '../../tools/control-plane/control-plane.ts'
import { ALERTS } from '../../tools/generate/chart/alerts.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

/** Commands that a page shows together. */
interface Block {
  readonly line: number
  readonly commands: string
}

async function pageAt(path: string): Promise<string> {
  return readFile(join(ROOT, path), 'utf8')
}

/** What a page tells people to type, without what it says needs more than a cluster. */
function blocksIn(page: string): readonly Block[] {
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)]
  return blocks
    .map(({ 1: commands = '', index }) => ({ line: page.slice(0, index).split('\n').length + 1, commands }))
    .filter(({ commands }) => !commands.startsWith('# Needs '))
}

/** A cluster of the page's own, seen from the root of a clone by somebody who has kubectl and helm. */
async function openShell(): Promise<(commands: string) => Promise<void>> {
  const controlPlane = await startControlPlane()
  after(() => controlPlane.stop())
  const home = await mkdtemp(join(tmpdir(), 'longshore-docs-'))
  after(() => rm(home, { recursive: true }))
  const variables = {
    PATH: [findChartTools(), dirname(findAssets().kubectl), env['PATH']].join(delimiter),
    KUBECONFIG: controlPlane.kubeconfigPath,
    HOME: home,
  }
  return async (commands) => {
    await run('bash', ['--norc', '-euo', 'pipefail', '-c', commands], { cwd: ROOT, env: variables })
  }
}

/** A person takes longer to turn the page than the API server to serve new kinds. */
const UNTIL_SERVED = 'timeout 30 sh -c "until kubectl get longshore --all-namespaces; do :; done"'

for (const pages of [['docs/install.md'], ['docs/security.md', 'docs/operations.md']]) {
  describe(`what is typed in ${pages.join(' and ')} works`, async () => {
    const shell = await openShell()
    for (const path of pages) {
      if (path !== pages[0]) test('the page is turned', () => shell(UNTIL_SERVED))
      for (const { line, commands } of blocksIn(await pageAt(path))) {
        test(`${path}:${line}`, () => shell(commands))
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
