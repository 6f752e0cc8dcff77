import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LoggedCall } from '../../src/simulator/call-log.ts'
import { startReplicas, type Replica } from '../support/replicas.ts'
import { startFaultProxy } from './proxy/fault-proxy.ts'
import { formOf, type ProxiedRequest } from './proxy/fault.ts'

// Two operators, one lease. What a release and a crash of the leader cost, in seconds of ours.
const { admin, simulator, start, eventually, writesOf, kubeconfigPath } = await startReplicas(import.meta.url)
const proxy = await startFaultProxy(kubeconfigPath)

const OBJECTS = 100
const names = Array.from({ length: OBJECTS }, (_, index) => `repository-${index}`)

let leader: Replica

test('a leader that is told to stop hands over within 2 s, and its successor begins at once', async () => {
  const first = await start('first')
  await first.leadsSince()
  leader = await start('second', proxy.kubeconfigPath)
  const listsAtFirst = lists()
  await Promise.all(names.map((name) => admin.create(name)))
  await eventually('all repositories', async () => ((await simulator.live())['ecr']?.['repositories'] ?? 0) === OBJECTS)
  assert.deepEqual(await callsOf(leader), [], 'a standby leaves AWS alone')

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
  assert.equal(lists(), listsAtFirst, 'what it learnt as a standby is enough')
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

test('a standby that is told to stop ends at once', async () => {
  const standby = await start('fourth')

  const stoppedAt = performance.now()
  standby.signal('SIGTERM')
  const exitCode = await eventually('its end', async () => standby.exitCode())

  assert.equal(exitCode, 0)
  assert.ok(performance.now() - stoppedAt <= 5000, `${performance.now() - stoppedAt} ms`)
})

/** Lists that the second operator asked for, streaming or not. */
function lists(): number {
  return proxy.requests.filter(isList).length
}

function isList(request: ProxiedRequest): boolean {
  return /\/(ecrrepositories|ecsclusters|ecsservices)$/.test(request.path) && formOf(request) !== 'watch'
}

async function callsOf({ accessKeyId }: Replica): Promise<readonly LoggedCall[]> {
  return (await simulator.calls()).filter((call) => call.accessKeyId === accessKeyId)
}

function firstWriteOf(replica: Replica): Promise<LoggedCall> {
  return eventually('the edit in AWS', async () => (await writesOf(replica))[0])
}
