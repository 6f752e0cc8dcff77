import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openCharts } from '../support/chart.ts'
import { exampleAt, isReady, startJourney } from '../support/journey.ts'

// The first service as a team's own chart has it. Helm 4 waits for what kstatus says.
const { namespace, kubeconfigPath, read, operator, simulator } = await startJourney(import.meta.url, {
  cluster: 'own',
})
const { helm } = await openCharts(kubeconfigPath)
const chart = await mkdtemp(join(tmpdir(), 'longshore-chart-'))
after(() => rm(chart, { recursive: true }))
await writeFile(join(chart, 'Chart.yaml'), JSON.stringify({ apiVersion: 'v2', name: 'hello', version: '1.0.0' }))
await cp(exampleAt('first-service'), join(chart, 'templates'), {
  recursive: true,
  filter: (path) => !path.endsWith('.md'),
})

/** Like `helm upgrade --install … --wait`, and what it said where it did not come about. */
function upgrade(seconds: number): Promise<string> {
  const given = ['--namespace', namespace, '--wait', `--timeout=${seconds}s`]
  return helm('upgrade', '--install', 'hello', chart, ...given).catch((error: { stderr: string }) => error.stderr)
}

async function isServiceReady(): Promise<boolean> {
  return isReady(await read('ecsservices', 'hello'))
}

test('helm --wait does not take for done what no operator has seen', async () => {
  await operator.kill()

  assert.match(await upgrade(5), /InProgress/)
})

test('helm --wait returns when the rollout is finished', async () => {
  await operator.start()

  assert.match(await upgrade(120), /STATUS: deployed/)
  assert.ok(await isServiceReady())
})

test('helm --wait fails at once, with the reason, when a rollout is rolled back', async () => {
  await simulator.setImages({ broken: { type: 'cannot-pull' } })
  const service = join(chart, 'templates', 'service.yaml')
  await writeFile(service, (await readFile(service, 'utf8')).replace('nginxdemos/hello:v1', 'broken'))

  assert.match(await upgrade(120), /CannotPullContainerError/)
})
