import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadlineOf, startReplicas } from '../support/replicas.ts'
import { startFaultProxy } from './proxy/fault-proxy.ts'

// A leader that still reaches AWS and not its API server any more: nothing it sends is refused, nothing is answered.
const { admin, simulator, start, lease, eventually, writesOf, kubeconfigPath } = await startReplicas(import.meta.url)
const proxy = await startFaultProxy(kubeconfigPath)

const selection = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 }
const lifecyclePolicy = { rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] }
const WRITES = ['PutImageScanningConfiguration', 'PutImageTagMutability', 'PutLifecyclePolicy']
const names = ['a', 'b', 'c', 'd']
/** The second of three writes is due while the lease is fresh, the third when it is about to end. */
const slowly = { effect: { type: 'delay', seconds: 6 } } as const

test('a leader that is cut off begins no write in the last 5 s of its lease, and is replaced within 20 s', async () => {
  const leader = await start('leader', proxy.kubeconfigPath)
  await leader.leadsSince()
  const standby = await start('standby')
  await Promise.all(names.map((name) => admin.create(name)))
  await eventually('the repositories', async () => (await simulator.live())['ecr']?.['repositories'] === names.length)
  await simulator.setFaults(WRITES.map((operation) => ({ operation, ...slowly })))
  await Promise.all(names.map((name) => admin.edit(name, true, { lifecyclePolicy, imageTagMutability: 'IMMUTABLE' })))
  await eventually('the first writes under way', async () => sum(await simulator.faultsSeen()) === names.length)

  const cutAt = Date.now()
  proxy.inject({ effect: { type: 'half-open' } })
  for (const answer of proxy.open({})) answer.freeze()
  const deadline = deadlineOf(await lease())
  const exitCode = await eventually('its end', async () => leader.exitCode())
  const leadsSince = await standby.leadsSince()
  await simulator.setFaults([])
  await eventually('the successor to finish', async () => (await writesOf(standby)).length >= names.length)

  assert.equal(exitCode, 1)
  assert.ok(leadsSince - cutAt <= 20_000, `${leadsSince - cutAt} ms without a leader`)
  const [creates, edits] = partition(await writesOf(leader), ({ operation }) => operation === 'CreateRepository')
  assert.equal(creates.length, names.length)
  assert.ok(edits.length > names.length, 'it went on while its lease was fresh')
  for (const { operation, startMs } of edits) {
    // What a call may take from its beginning until AWS has noted it.
    assert.ok(startMs <= deadline - 5000 + 500, `${operation} ${deadline - startMs} ms before the end of the lease`)
  }
})

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))]
}
