import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { createTestAws } from '../../test/support/aws.ts'
import { openTrail } from './cloudtrail.ts'

const aws = createTestAws({ scenario: { images: {}, eventDelaySeconds: 0 } })
const { simulator, clock, clientConfig } = aws
const live = new AbortController().signal

beforeEach(() => {
  simulator.reset()
  simulator.setPermissions({})
})

function open() {
  const { region, credentials, requestHandler } = clientConfig
  return openTrail({ region, credentials, requestHandler, clock })
}

function makeCluster(clusterName: string): Promise<unknown> {
  return simulator.invoke({
    service: 'ecs',
    operation: 'CreateCluster',
    accessKeyId: 'AKIAALICEEXAMPLE',
    region: aws.region,
    userAgent: 'aws-cli/2.9.8',
    input: { clusterName },
  })
}

function lookups(): readonly (string | undefined)[] {
  return simulator.log.calls({ operation: 'LookupEvents' }).map(({ errorCode }) => errorCode)
}

test('a lookup tells who made the calls of one name', async () => {
  await makeCluster('main')

  const { events, nextToken } = await aws.drive(open().lookUp({ eventName: 'CreateCluster' }, live))

  const [event] = events
  assert.equal(nextToken, undefined)
  assert.deepEqual([event?.call, event?.parameters], ['ecs:CreateCluster', { clusterName: 'main' }])
  assert.deepEqual([event?.principal.userName, event?.userAgent], ['AKIAALICEEXAMPLE', 'aws-cli/2.9.8'])
  assert.deepEqual((await aws.drive(open().lookUp({ eventName: 'DeleteCluster' }, live))).events, [])
})

test('what does not fit on a page is on the next', async () => {
  for (let index = 0; index < 51; index += 1) await makeCluster(`cluster-${index}`)
  await aws.advance(60)
  for (let index = 51; index < 60; index += 1) await makeCluster(`cluster-${index}`)
  const trail = open()

  const first = await aws.drive(trail.lookUp({ eventName: 'CreateCluster' }, live))
  const query = { eventName: 'CreateCluster', nextToken: first.nextToken }
  const second = await aws.drive(trail.lookUp(query, live))

  const ids = new Set([...first.events, ...second.events].map(({ id }) => id))
  assert.deepEqual([first.events.length, ids.size, second.nextToken], [50, 60, undefined])
})

test('lookups keep to two a second by themselves', async () => {
  const trail = open()
  const before = clock.now()
  await aws.drive(Promise.all(Array.from({ length: 9 }, () => trail.lookUp({ eventName: 'A' }, live))))

  const seconds = (clock.now() - before) / 1000
  assert.deepEqual(new Set(lookups()), new Set([undefined]))
  assert.ok(seconds >= 3.5 && seconds <= 4.5, `9 lookups took ${seconds} s`)
})

test('a lookup that AWS throttles is made again later', async () => {
  simulator.faults.add({ operation: 'LookupEvents', count: 2, effect: { type: 'throttle' } })

  await aws.drive(open().lookUp({ eventName: 'A' }, live))

  assert.deepEqual(lookups(), ['ThrottlingException', 'ThrottlingException', undefined])
})

test('a lookup that is throttled again and again fails in the end', async () => {
  simulator.faults.add({ operation: 'LookupEvents', effect: { type: 'throttle' } })

  await assert.rejects(aws.drive(open().lookUp({ eventName: 'A' }, live)), { code: 'throttled' })
})

test('who may not look up events hears so', async () => {
  simulator.setPermissions({ '*': ['ecs:*'] })

  await assert.rejects(aws.drive(open().lookUp({ eventName: 'A' }, live)), {
    code: 'denied',
    operation: 'cloudtrail:LookupEvents',
  })
})
