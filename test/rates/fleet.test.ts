import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startVirtualOperator } from '../support/virtual-operator.ts'
import { CLUSTER, serviceOf, untilReady } from './fleet.ts'

const SERVICES = 60

test('a fleet comes up and rolls within the rates of AWS: no call is throttled', async () => {
  const operator = await startVirtualOperator({ share: 1 })
  const fleet = (image: string) => Array.from({ length: SERVICES }, (_, index) => serviceOf(index, image))
  const begun = operator.clock.now()

  for (const image of ['app:1', 'app:2']) {
    const applied = [CLUSTER, ...fleet(image)]
    for (const manifest of applied) operator.apply(manifest)
    await untilReady(operator, applied, 600)
  }

  const throttled = operator.calls(begun).filter(({ errorCode }) => errorCode === 'ThrottlingException')
  assert.deepEqual(throttled, [])
  assert.deepEqual(operator.errors(), [])
  await operator.stop()
})
