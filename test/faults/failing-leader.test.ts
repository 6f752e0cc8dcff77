import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startReplicas } from '../support/replicas.ts'

const { admin, simulator, start, eventually, kubeconfigPath } = await startReplicas(import.meta.url)

/** A bug that waits for SIGUSR2: a promise is rejected, and nobody awaits it. */
const BUG = `--import=data:text/javascript,process.once('SIGUSR2',()=>void(Promise.reject('a-bug')))`

test('a leader in which a promise is rejected that nobody awaits says so, hands over within 2 s, and ends as failed', async () => {
  const leader = await start('leader', kubeconfigPath, BUG)
  await leader.leadsSince()
  const standby = await start('standby')

  const failedAt = Date.now()
  leader.signal('SIGUSR2')
  assert.equal(await eventually('its end', async () => leader.exitCode()), 1)
  await admin.create('repository')
  const leadsSince = await standby.leadsSince()
  await eventually('the repository', async () => (await simulator.live())['ecr']?.['repositories'] === 1)

  assert.ok(leadsSince - failedAt <= 2000, `${leadsSince - failedAt} ms without a leader`)
  const errors = (await leader.log()).filter(({ level }) => level === 'error')
  assert.deepEqual(
    errors.map(({ msg }) => msg),
    ['unhandled rejection'],
  )
})
