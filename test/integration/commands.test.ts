import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCli } from '../support/cli.ts'
import { errorsIn, exampleAt, startJourney } from '../support/journey.ts'

// What a person asks before and after an apply, of the program as it is run, with no rights but to look.
const { kubectl, simulator, operator, namespace, kubeconfigPath } = await startJourney(import.meta.url)
const example = exampleAt('first-service')

const { longshore, longshoreAtTerminal } = createCli({ kubeconfigPath, simulatorUrl: simulator.url, namespace })

/** Every version that the API server has given to an object of ours: a write would be a new one. */
function versions(): Promise<string> {
  return kubectl(
    'get',
    'ecrrepositories,ecsclusters,ecsservices',
    '--output=jsonpath={.items[*].metadata.resourceVersion}',
  )
}

test('a plan before the first apply shows everything and makes nothing', async () => {
  const { code, stdout, stderr } = await longshore('plan', '--filename', example)

  assert.deepEqual([code, stderr], [2, ''])
  assert.match(stdout, /Plan: 3 to create, 0 to change, 0 to delete, 0 unchanged\./)
  assert.deepEqual(await simulator.writes(), [])
  assert.equal(await versions(), '')
})

test('a plan after the apply is empty, one of an edit shows it; neither writes', async () => {
  await kubectl('apply', '--filename', example)
  await kubectl('wait', '--for=condition=Ready', '--timeout=60s', 'ecsservice/hello', 'ecrrepository/hello')
  const before = [await simulator.writes(), await versions()]

  const same = await longshore('plan', '--filename', example)
  const pruned = await longshore('plan', '--filename', `${example}/cluster.yaml`, '--prune', '--output', 'json')

  assert.deepEqual([same.code, same.stderr], [0, ''])
  assert.match(same.stdout, /Plan: 0 to create, 0 to change, 0 to delete, 3 unchanged\./)
  assert.deepEqual([pruned.code, pruned.stderr], [2, ''])
  const { totals }: { totals: unknown } = JSON.parse(pruned.stdout)
  assert.deepEqual(totals, { create: 0, change: 0, delete: 2, none: 1 })
  assert.deepEqual([await simulator.writes(), await versions()], before)
})

test('an explanation tells what AWS shows, and the last events', async () => {
  const { code, stdout, stderr } = await longshore('explain', 'ecssvc/hello')

  assert.deepEqual([code, stderr], [0, ''])
  assert.match(stdout, /^EcsService \S+\/hello: It is ready\.$/m)
  assert.match(stdout, /spec\.clusterRef: EcsCluster \S+\/demo-cluster: ready/)
  assert.match(stdout, /ecs-service \S+: exists/)
  assert.match(stdout, /ago +Created +create service/)
})

test('colours are for a terminal, unless NO_COLOR is set', async () => {
  const explain = ['explain', 'ecscluster/demo-cluster'] as const
  const [piped, seen, muted] = await Promise.all([
    longshore(...explain),
    longshoreAtTerminal(explain, {}),
    longshoreAtTerminal(explain, { NO_COLOR: '1' }),
  ])

  assert.ok(!piped.stdout.includes('\u001B'))
  assert.ok(seen.stdout.includes('\u001B[32mReady True\u001B[39m'), seen.stdout)
  assert.ok(!muted.stdout.includes('\u001B'))
})

test('what does not exist is one sentence and exit code 1', async () => {
  const { code, stdout, stderr } = await longshore('explain', 'ecssvc/nothing')

  assert.deepEqual([code, stdout, stderr], [1, '', `error: there is no EcsService ${namespace}/nothing\n`])
})

test('the operator had nothing to complain about', async () => {
  await kubectl('delete', '--filename', example, '--timeout=60s')

  assert.deepEqual(errorsIn(await operator.log()), [])
})
