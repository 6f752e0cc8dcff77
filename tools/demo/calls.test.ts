import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCallLog } from './calls.ts'
import { createRecordingScreen } from './recording-screen.ts'
import { OPERATOR_ACCESS_KEY_ID, type SimulatedCall } from './simulator-client.ts'

const create = call('CreateService')
const describe = call('DescribeServices')
const list = call('ListTasks')

for (const { fact, rounds, lines } of [
  {
    fact: 'a write is a line of its own',
    rounds: [[create, create]],
    lines: ['ecs CreateService', 'ecs CreateService'],
  },
  {
    fact: 'reads are counted and printed before the next write',
    rounds: [[describe, list, describe], [create]],
    lines: ['DescribeServices ×2, ListTasks ×1', 'ecs CreateService'],
  },
  {
    fact: 'a refused write names the error',
    rounds: [[{ ...create, errorCode: 'AccessDeniedException' }]],
    lines: ['ecs CreateService → AccessDeniedException'],
  },
  {
    fact: 'a refused read is a line of its own',
    rounds: [[{ ...describe, errorCode: 'ThrottlingException' }]],
    lines: ['ecs DescribeServices → ThrottlingException'],
  },
  {
    fact: 'a read that finds nothing is counted like any other',
    rounds: [[{ ...describe, errorCode: 'ClusterNotFoundException' }, create]],
    lines: ['DescribeServices ×1', 'ecs CreateService'],
  },
  {
    fact: "the demo's own calls are left out",
    rounds: [[{ ...create, accessKeyId: 'AKIASOMEBODYELSE' }]],
    lines: [],
  },
]) {
  test(fact, async () => {
    const { screen, printed } = createRecordingScreen()
    let calls: readonly SimulatedCall[] = []
    const print = createCallLog({ calls: async () => calls, account: assert.fail }, screen)

    for (const round of rounds) {
      calls = [...calls, ...round]
      await print()
    }

    assert.deepEqual(
      printed,
      lines.map((line) => `aws: ${line}`),
    )
  })
}

function call(operation: string): SimulatedCall {
  return { service: 'ecs', operation, accessKeyId: OPERATOR_ACCESS_KEY_ID }
}
