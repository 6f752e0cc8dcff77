import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { deadlineOf, startReplicas } from '../support/replicas.ts'

// A process that stands still does not know that it does. (SIGSTOP; in the field: a frozen node, a debugger, swap.)
const { admin, simulator, start, lease, eventually, writesOf } = await startReplicas(import.meta.url)

const selection = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 }
const lifecyclePolicy = { rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] }

test('a leader that was paused beyond its lease writes nothing any more, and ends', async () => {
  const paused = await start('paused')
  await paused.leadsSince()
  const standby = await start('standby')
  // What it is in the middle of: the next steps would put policies into these repositories.
  await simulator.setFaults([{ operation: 'CreateRepository', effect: { type: 'delay', seconds: 5 } }])
  for (const name of ['a', 'b', 'c']) await admin.create(name, { lifecyclePolicy })
  await eventually('three calls under way', async () => (await simulator.faultsSeen())['fault-1'] === 3)

  paused.signal('SIGSTOP')
  const deadline = deadlineOf(await lease())
  await admin.create('d')
  await standby.leadsSince()
  await simulator.setFaults([])
  await eventually('everything in AWS', async () => (await simulator.live())['ecr']?.['repositories'] === 4)
  for (const name of ['a', 'b', 'c', 'd']) await admin.edit(name, true)
  const writesBefore = await writesOf(paused)
  paused.signal('SIGCONT')
  const exitCode = await eventually('its end', async () => paused.exitCode())
  // What was still on its way would be there by now.
  await setTimeout(500)

  assert.equal(exitCode, 1)
  assert.deepEqual(await writesOf(paused), writesBefore)
  assert.ok(writesBefore.every(({ startMs }) => startMs < deadline))
  const errors = (await paused.log()).filter(({ level }) => level === 'error')
  assert.deepEqual(
    errors.map(({ msg }) => msg),
    ['the operator cannot go on'],
  )
})
