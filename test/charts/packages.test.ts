import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { version } from '../../src/app/version.ts'
import { chartAt, openCharts } from '../support/chart.ts'
import { startOciRegistry } from '../support/oci-registry.ts'

const { helm } = await openCharts()
const registry = `oci://${await startOciRegistry()}/charts`
const folder = await mkdtemp(join(tmpdir(), 'longshore-packages-'))
after(() => rm(folder, { recursive: true }))

const render = (...chart: readonly string[]) => helm('template', 'longshore', ...chart, '--namespace', 'longshore')

for (const name of ['longshore', 'longshore-crds'] as const) {
  describe(`the chart ${name}`, () => {
    test('has nothing that helm lint would warn about', async () => {
      assert.match(await helm('lint', '--strict', chartAt(name)), /1 chart\(s\) linted, 0 chart\(s\) failed/)
    })

    test('goes through an OCI registry unchanged', async () => {
      await helm('package', chartAt(name), '--destination', folder)
      await helm('push', join(folder, `${name}-${version}.tgz`), registry, '--plain-http')

      const pulled = await render(`${registry}/${name}`, '--version', version, '--plain-http')

      assert.equal(pulled, await render(chartAt(name)))
      assert.match(pulled, /kind: CustomResourceDefinition/)
    })
  })
}
