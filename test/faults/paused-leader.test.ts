import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { deadlineOf, startReplicas } from '../support/replicas.ts'

// A process that stands still does not know that it does. (SIGSTOP; in the field: a frozen node, a debugger, swap.)
const { admin, simulator, start, lease, eventually, writesOf } = await startReplicas(import.meta.url)

const selection = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 }
const lifecyclePolicy = { rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] }
const threeWrites = { lifecyclePolicy, imageTagMutability: 'IMMUTABLE' }
/** Shorter than the lease, so that the answer is there when the process goes on, on a connection that is still open. */
const slowly = { effect: { type: 'delay', seconds: 14 } } as const
const WRITES = ['PutImageScanningConfiguration', 'PutImageTagMutability', 'PutLifecyclePolicy']
const names = ['a', 'b', 'c']

test('a leader that was paused beyond its lease writes nothing any more, and ends', async () => {
  const paused = await start('paused')
  await paused.leadsSince()
  const standby = await start('standby')
  await Promise.all(names.map((name) => admin.create(name)))
  await eventually('three repositories', async () => (await simulator.live())['ecr']?.['repositories'] === 3)
  // The first of three writes to each is under way; the other two follow its answer.
  await simulator.setFaults(WRITES.map((operation) => ({ operation, ...slowly })))
  await Promise.all(names.map((name) => admin.edit(name, true, threeWrites)))
  await eventually('three writes under way', async () => sum(await simulator.faultsSeen()) === 3)

  paused.signal('SIGSTOP')
  const deadline = deadlineOf(await lease())
  await admin.create('d')
  await standby.leadsSince()
  await simulator.setFaults([])
  await eventually('the next repository', async () => (await simulator.live())['ecr']?.['repositories'] === 4)
  await Promise.all(names.map((name) => admin.edit(name, false)))
  const writesBefore = await eventually('its writes to be over', async () => {
    const writes = await writesOf(paused)
    return writes.length === 6 && writes
  })
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

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
