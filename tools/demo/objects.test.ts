import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApiClient } from '../control-plane/api-client.ts'
import { type DemoObject, createObjectLog, isReady } from './objects.ts'
import { createRecordingScreen } from './recording-screen.ts'

const ready = { type: 'Ready', status: 'True', reason: 'InSync', message: 'AWS matches the spec' }
const cluster: DemoObject = { kind: 'EcsCluster', metadata: { name: 'demo', generation: 1 } }
const readyCluster: DemoObject = { ...cluster, status: { observedGeneration: 1, conditions: [ready] } }
const service: DemoObject = {
  kind: 'EcsService',
  metadata: { name: 'hello', generation: 1 },
  spec: { desiredCount: 3 },
  status: {
    conditions: [ready],
    runningCount: 2,
    pendingCount: 1,
    taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/hello:7',
  },
}

for (const { fact, rounds, lines } of [
  { fact: 'an object without a status is shown', rounds: [[cluster]], lines: ['EcsCluster/demo  (no status yet)'] },
  {
    fact: 'an object is shown again only when its line changes',
    rounds: [[cluster], [cluster], [readyCluster], [readyCluster]],
    lines: ['EcsCluster/demo  (no status yet)', 'EcsCluster/demo  Ready=True InSync  AWS matches the spec'],
  },
  {
    fact: 'a service shows its counts and its revision',
    rounds: [[service]],
    lines: ['EcsService/hello  Ready=True InSync  AWS matches the spec  running 2 of 3, pending 1  hello:7'],
  },
  {
    fact: 'an object that is being deleted says so, and then that it is gone',
    rounds: [[{ ...cluster, metadata: { ...cluster.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }], []],
    lines: ['EcsCluster/demo (being deleted)  (no status yet)', 'EcsCluster/demo  gone'],
  },
]) {
  test(fact, async () => {
    const { screen, printed } = createRecordingScreen()
    let objects: readonly DemoObject[] = []
    const print = createObjectLog(
      apiWith(() => objects),
      screen,
    )

    for (const round of rounds) {
      objects = round
      await print()
    }

    assert.deepEqual(
      printed,
      lines.map((line) => `object: ${line}`),
    )
  })
}

for (const { fact, object, expected } of [
  { fact: 'Ready about the newest edit is ready', object: readyCluster, expected: true },
  {
    fact: 'Ready about an older edit is not ready',
    object: { ...readyCluster, metadata: { name: 'demo', generation: 2 } },
    expected: false,
  },
  { fact: 'no condition is not ready', object: cluster, expected: false },
]) {
  test(fact, () => assert.equal(isReady(object), expected))
}

/** An API server that has these objects in one of the lists, and nothing in the others. */
function apiWith(objects: () => readonly DemoObject[]): ApiClient {
  return {
    read: async (path) => ({ items: path.endsWith('/ecsservices') ? objects() : [] }),
    close: () => {},
  }
}
