import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilReady } from '../support/rates/fleet.ts'
import { startVirtualOperator, type Manifest, type VirtualOperator } from '../support/virtual-operator.ts'

const NAMES = ['a', 'b', 'c', 'd']
/** So often that calls meet each other, the line and the throttling in many ways. */
const ROUNDS = 60
/** AWS may not show for 15 s what was written before the edit; what comes on top are a few turns. Who is forgotten comes after 60 s. */
const LONGEST_SECONDS = 30

test('objects that share calls are all called again after AWS has throttled them', async () => {
  const operator = await startVirtualOperator({ share: 1, latency: [0.002, 0.02] })
  await untilReady(operator, await editAll(operator, 0))

  const seconds: number[] = []
  for (let round = 1; round <= ROUNDS; round++) seconds.push(await throttleAndEdit(operator, round))

  assert.deepEqual(
    seconds.filter((each) => each > LONGEST_SECONDS),
    [],
  )
  await operator.stop()
})

test('an edit does not wait for a sweep that AWS throttled shortly before', async () => {
  const operator = await startVirtualOperator({ share: 1, latency: [0.002, 0.02] })
  await untilReady(operator, await editAll(operator, 0))
  const begun = operator.clock.now()
  operator.aws.simulator.faults.add({ service: 'ecr', effect: { type: 'throttle' } })
  while (operator.calls(begun).length === 0) await operator.clock.advance(1)
  operator.aws.simulator.faults.clear()
  await operator.clock.advance(5)

  const seconds = await untilReady(operator, await editAll(operator, 1))

  assert.ok(seconds <= 10, `it took ${seconds} s`)
  await operator.stop()
})

/** Throttles every call to ECR for up to two seconds; answers the seconds from then on until all are as was wanted last. */
async function throttleAndEdit(operator: VirtualOperator, round: number): Promise<number> {
  const { faults } = operator.aws.simulator
  faults.add({ service: 'ecr', effect: { type: 'throttle' } })
  await editAll(operator, 2 * round - 1)
  await operator.clock.advance((round * 0.37) % 2)
  faults.clear()
  return untilReady(operator, await editAll(operator, 2 * round))
}

/** One after the other, up to 30 ms apart. */
async function editAll(operator: VirtualOperator, edit: number): Promise<readonly Manifest[]> {
  const manifests = NAMES.map((name) => repository(name, edit % 2 === 1))
  for (const [index, manifest] of manifests.entries()) {
    operator.apply(manifest)
    await operator.clock.advance(((edit * 7 + index * 11) % 30) / 1000)
  }
  return manifests
}

function repository(name: string, scanOnPush: boolean): Manifest {
  return {
    kind: 'EcrRepository',
    metadata: { name, namespace: 'demo' },
    spec: { imageScanningConfiguration: { scanOnPush } },
  }
}
