import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'
import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs'
import * as sts from '@aws-sdk/client-sts'
import { createTestAws } from '../../test/support/aws.ts'
import { modelFrom } from './protocol/model.ts'
import { THROTTLE_CLASSES } from './throttle-classes.ts'
import { Throttle } from './throttle.ts'

const register = {
  service: 'ecs',
  operation: 'RegisterTaskDefinition',
  accountId: '123456789012',
  region: 'eu-central-1',
}

function takeMany(throttle: Throttle, count: number, nowMs: number, call = register): number {
  return Array.from({ length: count }, () => throttle.take(call, nowMs)).filter(Boolean).length
}

test('a burst is served up to the bucket, then the sustained rate', () => {
  const throttle = new Throttle()

  assert.equal(takeMany(throttle, 30, 0), 20)
  assert.equal(takeMany(throttle, 30, 999), 0)
  assert.equal(takeMany(throttle, 30, 5000), 5)
})

test('a bucket never holds more than its burst', () => {
  const throttle = new Throttle()
  takeMany(throttle, 20, 0)

  assert.equal(takeMany(throttle, 30, 3_600_000), 20)
})

test('operations of one class share a bucket, those of another do not', () => {
  const throttle = new Throttle()
  takeMany(throttle, 20, 0)

  assert.equal(throttle.take({ ...register, operation: 'DeregisterTaskDefinition' }, 0), false)
  assert.equal(throttle.take({ ...register, operation: 'DescribeTaskDefinition' }, 0), true)
})

test('accounts and regions have buckets of their own', () => {
  const throttle = new Throttle()
  takeMany(throttle, 20, 0)

  assert.equal(throttle.take({ ...register, accountId: '210987654321' }, 0), true)
  assert.equal(throttle.take({ ...register, region: 'us-east-1' }, 0), true)
})

test('operations without a published rate are not throttled', () => {
  assert.equal(
    takeMany(new Throttle(), 5000, 0, { ...register, service: 'ecr', operation: 'DescribeRepositories' }),
    5000,
  )
})

for (const [service, schemas] of Object.entries({ ecr, ecs, logs, sts })) {
  test(`every ${service} operation in a class exists and is in one class only`, () => {
    const listed = THROTTLE_CLASSES[service]?.flatMap(({ operations }) => operations) ?? []
    const known = modelFrom(schemas).operations

    assert.ok(listed.length > 0)
    assert.deepEqual(
      listed.filter((name) => !known.has(name)),
      [],
    )
    assert.equal(new Set(listed).size, listed.length)
  })
}

test('a call too many is refused in the words of the service, without effect, until time refills the bucket', async () => {
  const aws = createTestAws()
  const client = new ECSClient(aws.clientConfig)
  const createNumber = (index: number): Promise<object> =>
    client.send(new CreateClusterCommand({ clusterName: `c${index}` }))
  for (let index = 0; index < 20; index++) await createNumber(index)

  await assert.rejects(createNumber(20), { name: 'ThrottlingException', message: 'Rate exceeded' })
  assert.equal(aws.simulator.countLive()['ecs']?.['clusters'], 20)

  await aws.advance(1)
  await createNumber(20)
})

test('throttling can be switched off', async () => {
  const aws = createTestAws({ throttling: 'off' })
  const client = new ECSClient(aws.clientConfig)

  for (let index = 0; index < 25; index++) await client.send(new CreateClusterCommand({ clusterName: `c${index}` }))

  assert.equal(aws.simulator.countLive()['ecs']?.['clusters'], 25)
})
