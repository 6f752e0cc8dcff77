import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type DescribeLogGroupsCommandInput,
  type FilterLogEventsCommandInput,
  type GetLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs'
import { createTestAws } from '../../../../test/support/aws.ts'

const GROUP = { logGroupName: '/ecs/web' }
const STREAM = { ...GROUP, logStreamName: 'web/1' }
const DAY_SECONDS = 24 * 3600
const ARN = 'arn:aws:logs:eu-central-1:123456789012:log-group:/ecs/web'

let aws = createTestAws()
let client = new CloudWatchLogsClient(aws.clientConfig)

beforeEach(async () => {
  aws = createTestAws()
  client = new CloudWatchLogsClient(aws.clientConfig)
  await client.send(new CreateLogGroupCommand({ ...GROUP, tags: { team: 'shop' } }))
})

async function groupNames(input: DescribeLogGroupsCommandInput = {}): Promise<(string | undefined)[]> {
  return (
    (await client.send(new DescribeLogGroupsCommand(input))).logGroups?.map(({ logGroupName }) => logGroupName) ?? []
  )
}

async function writeMessages(...messages: readonly string[]): Promise<void> {
  const logEvents = messages.map((message, index) => ({ message, timestamp: aws.clock.now() + index }))
  await client.send(new PutLogEventsCommand({ ...STREAM, logEvents }))
}

test('a group has two ARNs, with and without :*, and no retention', async () => {
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({}))

  assert.deepEqual(logGroups, [
    {
      logGroupName: '/ecs/web',
      arn: `${ARN}:*`,
      logGroupArn: ARN,
      creationTime: aws.clock.now(),
      logGroupClass: 'STANDARD',
      metricFilterCount: 0,
      storedBytes: 0,
    },
  ])
})

test('a group is created once and deleted once', async () => {
  await assert.rejects(client.send(new CreateLogGroupCommand(GROUP)), { name: 'ResourceAlreadyExistsException' })
  await client.send(new DeleteLogGroupCommand(GROUP))

  await assert.rejects(client.send(new DeleteLogGroupCommand(GROUP)), { name: 'ResourceNotFoundException' })
})

test('a name with a colon is refused', async () => {
  await assert.rejects(client.send(new CreateLogGroupCommand({ logGroupName: 'a:b' })), {
    name: 'InvalidParameterException',
  })
})

for (const { fact, input, names } of [
  { fact: 'by prefix', input: { logGroupNamePrefix: '/ecs' }, names: ['/ecs/web'] },
  {
    fact: 'by a part of the name',
    input: { logGroupNamePattern: 'web' },
    names: ['/ecs/web', '/lambda/web'],
  },
  {
    fact: 'by name or ARN, leaving out what does not exist',
    input: { logGroupIdentifiers: [ARN, '/lambda/web', '/gone'] },
    names: ['/ecs/web', '/lambda/web'],
  },
  { fact: 'all, by default', input: {}, names: ['/ecs/web', '/lambda/web'] },
]) {
  test(`groups are found ${fact}`, async () => {
    await client.send(new CreateLogGroupCommand({ logGroupName: '/lambda/web' }))

    assert.deepEqual(await groupNames(input), names)
  })
}

test('a part of the name is looked for as it is written', async () => {
  assert.deepEqual(await groupNames({ logGroupNamePattern: 'WEB' }), [])
})

test('a search by a part of the name shows ARN, creation time and name only', async () => {
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'web' }))

  assert.deepEqual(
    logGroups.map((group) => Object.keys(group).toSorted()),
    [['arn', 'creationTime', 'logGroupName']],
  )
})

test('groups come in pages', async () => {
  await client.send(new CreateLogGroupCommand({ logGroupName: '/lambda/web' }))
  const { logGroups, nextToken } = await client.send(new DescribeLogGroupsCommand({ limit: 1 }))

  assert.equal(logGroups?.[0]?.logGroupName, '/ecs/web')
  assert.deepEqual(await groupNames({ limit: 1, nextToken }), ['/lambda/web'])
})

test('a retention is one of the days that AWS lists, and can be taken away', async () => {
  const retention = async (): Promise<number | undefined> =>
    (await client.send(new DescribeLogGroupsCommand({}))).logGroups?.[0]?.retentionInDays
  await assert.rejects(client.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays: 2 })), {
    name: 'InvalidParameterException',
  })

  await client.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays: 30 }))
  assert.equal(await retention(), 30)

  await client.send(new DeleteRetentionPolicyCommand(GROUP))
  assert.equal(await retention(), undefined)
})

test('tags are merged, taken away and listed', async () => {
  await client.send(new TagResourceCommand({ resourceArn: ARN, tags: { team: 'web', tier: 'one' } }))
  await client.send(new UntagResourceCommand({ resourceArn: ARN, tagKeys: ['tier', 'absent'] }))

  assert.deepEqual((await client.send(new ListTagsForResourceCommand({ resourceArn: ARN }))).tags, { team: 'web' })
})

for (const { fact, resourceArn, tags, name } of [
  { fact: 'the ARN with :*', resourceArn: `${ARN}:*`, tags: { a: 'b' }, name: 'InvalidParameterException' },
  { fact: 'a group that does not exist', resourceArn: `${ARN}2`, tags: { a: 'b' }, name: 'ResourceNotFoundException' },
  { fact: 'keys of AWS itself', resourceArn: ARN, tags: { 'aws:x': 'y' }, name: 'InvalidParameterException' },
  {
    fact: 'more than fifty tags',
    resourceArn: ARN,
    tags: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v'])),
    name: 'TooManyTagsException',
  },
]) {
  test(`tagging refuses ${fact}`, async () => {
    await assert.rejects(client.send(new TagResourceCommand({ resourceArn, tags })), { name })

    assert.deepEqual((await client.send(new ListTagsForResourceCommand({ resourceArn: ARN }))).tags, { team: 'shop' })
  })
}

test('streams are listed by name or by their last event', async () => {
  for (const logStreamName of ['b', 'a', 'c'])
    await client.send(new CreateLogStreamCommand({ ...GROUP, logStreamName }))
  await client.send(
    new PutLogEventsCommand({
      ...GROUP,
      logStreamName: 'b',
      logEvents: [{ timestamp: aws.clock.now(), message: 'x' }],
    }),
  )
  const listed = async (orderBy: 'LogStreamName' | 'LastEventTime', descending: boolean) =>
    (await client.send(new DescribeLogStreamsCommand({ ...GROUP, orderBy, descending }))).logStreams?.map(
      ({ logStreamName }) => logStreamName,
    )

  assert.deepEqual(await listed('LogStreamName', false), ['a', 'b', 'c'])
  assert.deepEqual(await listed('LogStreamName', true), ['c', 'b', 'a'])
  assert.deepEqual((await listed('LastEventTime', true))?.[0], 'b')

  await client.send(new DeleteLogStreamCommand({ ...GROUP, logStreamName: 'b' }))
  assert.deepEqual(await listed('LogStreamName', false), ['a', 'c'])
})

test('events are read from either end, and the token at the end is the same again', async () => {
  await client.send(new CreateLogStreamCommand(STREAM))
  await writeMessages('1', '2', '3')
  const read = (input: Partial<GetLogEventsCommandInput>) =>
    client.send(new GetLogEventsCommand({ ...STREAM, limit: 2, ...input }))
  const textOf = ({ events = [] }: Awaited<ReturnType<typeof read>>): string =>
    events.map(({ message }) => message).join('')

  const tail = await read({})
  const head = await read({ startFromHead: true })
  const rest = await read({ nextToken: head.nextForwardToken })
  const end = await read({ nextToken: rest.nextForwardToken })

  assert.deepEqual([tail, head, rest, end].map(textOf), ['23', '12', '3', ''])
  assert.equal(end.nextForwardToken, rest.nextForwardToken)
  assert.equal(textOf(await read({ nextToken: tail.nextBackwardToken })), '1')
})

const filters: readonly { fact: string; input: Partial<FilterLogEventsCommandInput>; found: readonly string[] }[] = [
  { fact: 'all events without a pattern', input: {}, found: ['GET /a 200', 'GET /b 500', 'POST /a 500'] },
  { fact: 'events with every term', input: { filterPattern: 'GET 500' }, found: ['GET /b 500'] },
  { fact: 'events with a phrase', input: { filterPattern: '"/a 500"' }, found: ['POST /a 500'] },
  { fact: 'a limited number', input: { limit: 1 }, found: ['GET /a 200'] },
  { fact: 'nothing from streams with another prefix', input: { logStreamNamePrefix: 'db' }, found: [] },
]
for (const { fact, input, found } of filters) {
  test(`a filter finds ${fact}`, async () => {
    await client.send(new CreateLogStreamCommand(STREAM))
    await writeMessages('GET /a 200', 'GET /b 500', 'POST /a 500')

    const { events = [] } = await client.send(new FilterLogEventsCommand({ ...GROUP, ...input }))

    assert.deepEqual(
      events.map(({ message }) => message),
      found,
    )
  })
}

test('a window of time has its start and not its end', async () => {
  await client.send(new CreateLogStreamCommand(STREAM))
  const startTime = aws.clock.now() + 1
  await writeMessages('before', 'start', 'end')

  const { events = [] } = await client.send(new GetLogEventsCommand({ ...STREAM, startTime, endTime: startTime + 1 }))

  assert.deepEqual(
    events.map(({ message }) => message),
    ['start'],
  )
})

test('a filter pattern that the simulator does not know is refused, not misread', async () => {
  await assert.rejects(client.send(new FilterLogEventsCommand({ ...GROUP, filterPattern: '{ $.level = "error" }' })), {
    name: 'InvalidParameterException',
    message: /knows only terms/,
  })
})

test('events must be in order', async () => {
  await client.send(new CreateLogStreamCommand(STREAM))
  const now = aws.clock.now()
  const logEvents = [
    { timestamp: now, message: 'b' },
    { timestamp: now - 1, message: 'a' },
  ]

  await assert.rejects(client.send(new PutLogEventsCommand({ ...STREAM, logEvents })), {
    name: 'InvalidParameterException',
  })
})

test('events that are too old or too far ahead are left out, and the answer says which', async () => {
  await client.send(new CreateLogStreamCommand(STREAM))
  const now = aws.clock.now()
  const logEvents = [
    { timestamp: now - 15 * DAY_SECONDS * 1000, message: 'old' },
    { timestamp: now, message: 'now' },
    { timestamp: now + 3 * 3600 * 1000, message: 'ahead' },
  ]

  const { rejectedLogEventsInfo } = await client.send(new PutLogEventsCommand({ ...STREAM, logEvents }))

  assert.deepEqual(rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 })
  const { events = [] } = await client.send(new GetLogEventsCommand(STREAM))
  assert.deepEqual(
    events.map(({ message }) => message),
    ['now'],
  )
})

test('events are gone after their retention', async () => {
  await client.send(new CreateLogStreamCommand(STREAM))
  await client.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays: 1 }))
  await writeMessages('short-lived')
  const count = async () => (await client.send(new GetLogEventsCommand(STREAM))).events?.length

  await aws.advance(DAY_SECONDS)
  assert.equal(await count(), 1)

  await aws.advance(1)
  assert.equal(await count(), 0)
})

test('writing to a stream that does not exist fails', async () => {
  await assert.rejects(writeMessages('lost'), { name: 'ResourceNotFoundException', message: /log stream/ })
})
