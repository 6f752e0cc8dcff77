import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { createTestAws, type TestAws } from '../../test/support/aws.ts'
import { FaultPlan, type FaultEffect, type FaultTarget } from './faults.ts'

const create = new CreateRepositoryCommand({ repositoryName: 'app' })
const describeAll = new DescribeRepositoriesCommand({})

function clientOf(aws: TestAws): ECRClient {
  return new ECRClient(aws.clientConfig)
}

async function countOf(aws: TestAws): Promise<number | undefined> {
  return (await clientOf(aws).send(describeAll)).repositories?.length
}

const refusals: readonly { fact: string; effect: FaultEffect; name: string; status: number | undefined }[] = [
  { fact: 'throttles', effect: { type: 'throttle' }, name: 'ThrottlingException', status: 400 },
  { fact: 'is unavailable', effect: { type: 'unavailable' }, name: 'ServiceUnavailable', status: 503 },
  { fact: 'denies', effect: { type: 'denied' }, name: 'AccessDeniedException', status: 400 },
  {
    fact: 'answers any code and status',
    effect: { type: 'error', code: 'KmsException', message: 'no key', status: 418 },
    name: 'KmsException',
    status: 418,
  },
  {
    fact: 'loses the request',
    effect: { type: 'lost', when: 'before-effect' },
    name: 'TimeoutError',
    status: undefined,
  },
]
for (const { fact, effect, name, status } of refusals) {
  test(`a fault ${fact}, and nothing happens`, async () => {
    const aws = createTestAws()
    const id = aws.simulator.faults.add({ service: 'ecr', operation: 'CreateRepository', effect })

    const error: unknown = await clientOf(aws)
      .send(create)
      .catch((refusal: unknown) => refusal)

    assert.ok(error instanceof Error)
    assert.equal(error.name, name)
    assert.equal('$metadata' in error ? Reflect.get(Object(error.$metadata), 'httpStatusCode') : undefined, status)
    assert.equal(aws.simulator.log.calls()[0]?.faultId, id)
    assert.equal(await countOf(aws), 0)
  })
}

test('a fault that loses the answer leaves the effect', async () => {
  const aws = createTestAws()
  aws.simulator.faults.add({ operation: 'CreateRepository', effect: { type: 'lost', when: 'after-effect' } })

  await assert.rejects(clientOf(aws).send(create), { name: 'TimeoutError' })

  assert.equal(await countOf(aws), 1)
})

test('a delayed answer comes later in virtual time, and its effect is immediate', async () => {
  const aws = createTestAws()
  aws.simulator.faults.add({ operation: 'CreateRepository', effect: { type: 'delay', seconds: 7 } })
  const startMs = aws.clock.now()

  const creation = clientOf(aws).send(create)
  assert.equal(await countOf(aws), 1)
  await aws.drive(creation)

  assert.equal(aws.clock.now() - startMs, 7000)
})

test('faults of the Query services have Query codes', async () => {
  const aws = createTestAws()
  aws.simulator.faults.add({ count: 1, effect: { type: 'throttle' } })
  aws.simulator.faults.add({ effect: { type: 'denied' } })
  const client = new STSClient(aws.clientConfig)

  await assert.rejects(client.send(new GetCallerIdentityCommand({})), { name: 'Throttling' })
  await assert.rejects(client.send(new GetCallerIdentityCommand({})), { name: 'AccessDenied' })
})

test('a stale read answers with the past, until the change is old enough', async () => {
  const aws = createTestAws()
  aws.simulator.faults.add({ operation: 'DescribeRepositories', effect: { type: 'stale-read', seconds: 5 } })
  const counts: (number | undefined)[] = []

  await clientOf(aws).send(create)
  counts.push(await countOf(aws))
  for (const seconds of [4, 1, 1]) {
    await aws.advance(seconds)
    counts.push(await countOf(aws))
  }

  assert.deepEqual(counts, [0, 0, 1, 1])
})

test('a stale read shows each change at its own time', async () => {
  const aws = createTestAws({ readDelaySeconds: 10 })
  const put = (imageTagMutability: 'MUTABLE' | 'IMMUTABLE'): Promise<object> =>
    clientOf(aws).send(new PutImageTagMutabilityCommand({ repositoryName: 'app', imageTagMutability }))
  const seen: (string | undefined)[] = []
  await clientOf(aws).send(create)

  for (let second = 0; second < 16; second++) {
    if (second === 2) await put('IMMUTABLE')
    if (second === 4) await put('MUTABLE')
    seen.push((await clientOf(aws).send(describeAll)).repositories?.[0]?.imageTagMutability)
    await aws.advance(1)
  }

  const [absent, mutable, immutable] = [undefined, 'MUTABLE', 'IMMUTABLE']
  assert.deepEqual(seen.slice(8), [absent, absent, mutable, mutable, immutable, immutable, mutable, mutable])
})

test('eventual consistency can be switched on and off', async () => {
  const aws = createTestAws()
  aws.simulator.setReadDelay(5)
  await clientOf(aws).send(create)
  assert.equal(await countOf(aws), 0)

  aws.simulator.setReadDelay(0)

  assert.equal(await countOf(aws), 1)
})

const target: FaultTarget = {
  service: 'ecs',
  operation: 'DescribeServices',
  accountId: '123456789012',
  region: 'eu-central-1',
  accessKeyId: 'AKIAEXAMPLE',
  userAgent: 'aws-sdk-js/3 EcsService/shop/web',
  parameters: { cluster: 'main', services: ['web', 'api'] },
}
for (const { fact, rule, meets } of [
  { fact: 'a rule without members meets every call', rule: {}, meets: true },
  { fact: 'service and operation must be equal', rule: { service: 'ecs', operation: 'DescribeServices' }, meets: true },
  { fact: 'another operation is not met', rule: { operation: 'ListServices' }, meets: false },
  { fact: 'another region is not met', rule: { region: 'us-east-1' }, meets: false },
  { fact: 'another key is not met', rule: { accessKeyId: 'AKIAOTHER' }, meets: false },
  { fact: 'a part of the user agent is enough', rule: { userAgent: 'EcsService/shop/web' }, meets: true },
  { fact: 'a parameter must be equal', rule: { parameters: { cluster: 'other' } }, meets: false },
  { fact: 'a list parameter must contain the value', rule: { parameters: { services: 'api' } }, meets: true },
  { fact: 'a list parameter may be given whole', rule: { parameters: { services: ['web', 'api'] } }, meets: true },
]) {
  test(fact, () => {
    const plan = new FaultPlan()
    plan.add({ ...rule, effect: { type: 'throttle' } })

    assert.equal(plan.take(target) !== undefined, meets)
  })
}

test('skip and count choose which of the matching calls are met', () => {
  const plan = new FaultPlan()
  plan.add({ skip: 1, count: 2, effect: { type: 'throttle' } })

  assert.deepEqual(
    [1, 2, 3, 4].map(() => plan.take(target)?.effect.type),
    [undefined, 'throttle', 'throttle', undefined],
  )
  assert.equal(plan.list()[0]?.seen, 4)
})

test('the first rule that still applies decides', () => {
  const plan = new FaultPlan()
  plan.add({ id: 'first', count: 1, effect: { type: 'throttle' } })
  plan.add({ id: 'second', effect: { type: 'denied' } })

  assert.deepEqual([plan.take(target)?.id, plan.take(target)?.id], ['first', 'second'])

  plan.remove('second')
  assert.equal(plan.take(target), undefined)
})
