import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LoggedCall } from '../../src/simulator/call-log.ts'
import { startReplicas, type Replica } from '../support/replicas.ts'

// Two operators, one lease. What a release and a crash of the leader cost, in seconds of ours.
const { admin, simulator, start, eventually, writesOf } = await startReplicas(import.meta.url)

const OBJECTS = 100
const names = Array.from({ length: OBJECTS }, (_, index) => `repository-${index}`)

let leader: Replica

test('a leader that is told to stop hands over within 2 s, and its successor begins at once', async () => {
  const first = await start('first')
  await first.leadsSince()
  leader = await start('second')
  await Promise.all(names.map((name) => admin.create(name)))
  await eventually('all repositories', async () => ((await simulator.live())['ecr']?.['repositories'] ?? 0) === OBJECTS)

  const stoppedAt = Date.now()
  first.signal('SIGTERM')
  assert.equal(await eventually('the end of the first', async () => first.exitCode()), 0)
  await admin.edit('repository-7', true)
  const leadsSince = await leader.leadsSince()
  const write = await firstWriteOf(leader)

  assert.ok(leadsSince - stoppedAt <= 2000, `${leadsSince - stoppedAt} ms without a leader`)
  // Its stores were full before: what is left is one question to AWS, and the user's edit overtakes the first look at all.
  assert.equal(write.operation, 'PutImageScanningConfiguration')
  assert.ok(write.startMs - leadsSince <= 3000, `${write.startMs - leadsSince} ms until the first write`)
  assert.ok((await writesOf(first)).every(({ startMs }) => startMs < leadsSince))
})

test('a leader that is killed is replaced within 20 s', async () => {
  const standby = await start('third')

  const killedAt = Date.now()
  leader.signal('SIGKILL')
  await admin.edit('repository-8', true)
  const leadsSince = await standby.leadsSince()
  const write = await firstWriteOf(standby)

  assert.ok(leadsSince - killedAt <= 20_000, `${leadsSince - killedAt} ms without a leader`)
  assert.ok(write.startMs - leadsSince <= 3000, `${write.startMs - leadsSince} ms until the first write`)
  assert.ok((await writesOf(leader)).every(({ startMs }) => startMs <= killedAt))
  assert.equal((await simulator.live())['ecr']?.['repositories'], OBJECTS)
})

function firstWriteOf(replica: Replica): Promise<LoggedCall> {
  return eventually('the edit in AWS', async () => (await writesOf(replica))[0])
}
