import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand, type LookupEventsRequest } from '@aws-sdk/client-cloudtrail'
import { CloudWatchLogsClient, CreateLogGroupCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr'
import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { createTestAws } from '../../../../test/support/aws.ts'

const aws = createTestAws()
const { simulator, clientConfig: config } = aws
const trail = new CloudTrailClient(config)
const ecr = new ECRClient(config)
const TEST_USER = { accessKeyId: `AKIA${aws.accountId}TEST`, secretAccessKey: 'x' }

beforeEach(() => {
  simulator.reset()
  simulator.setPermissions({})
  simulator.setScenario({ images: {}, eventDelaySeconds: 0 })
})

async function eventsOf(request: LookupEventsRequest = {}) {
  return (await trail.send(new LookupEventsCommand(request))).Events ?? []
}

async function recordsOf(request: LookupEventsRequest = {}) {
  return (await eventsOf(request)).map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent ?? ''))
}

function named(eventName: string): LookupEventsRequest {
  return { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: eventName }] }
}

async function makeRepository(repositoryName = 'app'): Promise<void> {
  await ecr.send(new CreateRepositoryCommand({ repositoryName }))
}

test('a call that changed something is a record of who, what, when, from where and with what', async () => {
  await makeRepository()

  const [record] = await recordsOf(named('CreateRepository'))

  const { userAgent, requestID, eventID, ...rest } = record
  const arn = `arn:aws:iam::${aws.accountId}:user/${TEST_USER.accessKeyId}`
  assert.deepEqual(rest, {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: TEST_USER.accessKeyId,
      arn,
      accountId: aws.accountId,
      accessKeyId: TEST_USER.accessKeyId,
      userName: TEST_USER.accessKeyId,
    },
    eventTime: `${new Date(aws.clock.now()).toISOString().slice(0, 19)}Z`,
    eventSource: 'ecr.amazonaws.com',
    eventName: 'CreateRepository',
    awsRegion: aws.region,
    sourceIPAddress: '127.0.0.1',
    requestParameters: { repositoryName: 'app' },
    responseElements: null,
    readOnly: false,
    resources: [
      {
        accountId: aws.accountId,
        type: 'AWS::ECR::Repository',
        ARN: `arn:aws:ecr:${aws.region}:${aws.accountId}:repository/app`,
      },
    ],
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: aws.accountId,
    eventCategory: 'Management',
  })
  assert.match(userAgent, /aws-sdk-js/)
  assert.match(requestID, /^[\da-f-]{36}$/)
  assert.match(eventID, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/)
  assert.notEqual(eventID, requestID)
})

test('the answer tells the parts of a record that one looks up by', async () => {
  await makeRepository()

  const [event] = await eventsOf(named('CreateRepository'))
  const { CloudTrailEvent = '', EventId, ...rest } = event ?? assert.fail('no event')

  assert.equal(JSON.parse(CloudTrailEvent).eventID, EventId)
  assert.deepEqual(rest, {
    EventName: 'CreateRepository',
    ReadOnly: 'false',
    AccessKeyId: TEST_USER.accessKeyId,
    EventTime: new Date(aws.clock.now()),
    EventSource: 'ecr.amazonaws.com',
    Username: TEST_USER.accessKeyId,
    Resources: [
      {
        ResourceName: `arn:aws:ecr:${aws.region}:${aws.accountId}:repository/app`,
        ResourceType: 'AWS::ECR::Repository',
      },
    ],
  })
})

test('somebody in a role is named with the role and the session', async () => {
  const role = { RoleArn: `arn:aws:iam::${aws.accountId}:role/team/Admin`, RoleSessionName: 'alice' }
  const { Credentials } = await new STSClient(config).send(new AssumeRoleCommand(role))
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = Credentials ?? {}
  const alice = new ECSClient({ ...config, credentials: { accessKeyId, secretAccessKey } })
  await alice.send(new CreateClusterCommand({ clusterName: 'main' }))

  const [event] = await eventsOf(named('CreateCluster'))
  const { userIdentity } = JSON.parse(event?.CloudTrailEvent ?? '')

  assert.equal(event?.Username, 'alice')
  assert.deepEqual(userIdentity, {
    type: 'AssumedRole',
    principalId: `AROA${aws.accountId}Admin:alice`,
    arn: `arn:aws:sts::${aws.accountId}:assumed-role/Admin/alice`,
    accountId: aws.accountId,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: `AROA${aws.accountId}Admin`,
        arn: role.RoleArn,
        accountId: aws.accountId,
        userName: 'Admin',
      },
      attributes: {
        creationDate: `${new Date(aws.clock.now()).toISOString().slice(0, 19)}Z`,
        mfaAuthenticated: 'false',
      },
    },
  })
})

test('a call that was denied is a record with the error', async () => {
  simulator.setPermissions({ [TEST_USER.accessKeyId]: ['cloudtrail:*'] })
  await makeRepository().catch(() => undefined)

  const [record] = await recordsOf(named('CreateRepository'))

  assert.equal(record.errorCode, 'AccessDeniedException')
  assert.match(record.errorMessage, /not authorized to perform: ecr:CreateRepository/)
})

test('reads are events as well, and say that they are', async () => {
  await ecr.send(new DescribeRepositoriesCommand({}))
  await makeRepository()

  const told = (await recordsOf()).map(({ eventName, readOnly }) => [eventName, readOnly])

  assert.deepEqual(told, [
    ['CreateRepository', false],
    ['DescribeRepositories', true],
  ])
})

test('handling log events is no management event', async () => {
  const logs = new CloudWatchLogsClient(config)
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/app' }))
  await logs
    .send(new GetLogEventsCommand({ logGroupName: '/app', logStreamName: 'none' }))
    .catch((error: unknown) => error)

  assert.deepEqual(
    (await eventsOf()).map(({ EventName }) => EventName),
    ['CreateLogGroup'],
  )
})

test('a call that was lost on its way leaves no event, one whose answer was lost does', async () => {
  simulator.faults.add({ count: 1, effect: { type: 'lost', when: 'before-effect' } })
  await makeRepository('lost').catch(() => undefined)
  simulator.faults.add({ count: 1, effect: { type: 'lost', when: 'after-effect' } })
  await makeRepository('made').catch(() => undefined)

  const records = await recordsOf(named('CreateRepository'))

  assert.deepEqual(
    records.map(({ requestParameters }) => requestParameters.repositoryName),
    ['made'],
  )
})

test('other accounts and Regions do not show', async () => {
  const elsewhere = new ECRClient({ ...config, region: 'us-east-1' })
  const others = new ECRClient({
    ...config,
    credentials: { accessKeyId: 'AKIA210987654321OTHER', secretAccessKey: 'x' },
  })
  await elsewhere.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
  await others.send(new CreateRepositoryCommand({ repositoryName: 'app' }))

  assert.deepEqual(await eventsOf(named('CreateRepository')), [])
})

test('a call shows five minutes later, unless the scenario says otherwise', async () => {
  simulator.reset()
  simulator.setScenario({ images: {}, eventDelaySeconds: 300 })
  await makeRepository()
  await aws.advance(299)
  const early = await eventsOf(named('CreateRepository'))
  await aws.advance(1)
  const late = await eventsOf(named('CreateRepository'))
  simulator.setScenario({ eventDelaySeconds: 900 })

  assert.deepEqual([early.length, late.length], [0, 1])
  assert.deepEqual(await eventsOf(named('CreateRepository')), [])
})

test('a call shows for 90 days', async () => {
  await makeRepository()
  await aws.advance(90 * 86_400)
  const last = await eventsOf(named('CreateRepository'))
  await aws.advance(1)

  assert.deepEqual([last.length, (await eventsOf(named('CreateRepository'))).length], [1, 0])
})

for (const { by, request, found } of [
  { by: 'EventName', request: { AttributeValue: 'DeleteRepository' }, found: ['DeleteRepository'] },
  { by: 'EventSource', request: { AttributeValue: 'ecs.amazonaws.com' }, found: ['CreateCluster'] },
  { by: 'ReadOnly', request: { AttributeValue: 'true' }, found: ['DescribeRepositories'] },
  {
    by: 'ResourceType',
    request: { AttributeValue: 'AWS::ECR::Repository' },
    found: ['DeleteRepository', 'CreateRepository'],
  },
  {
    by: 'ResourceName',
    request: { AttributeValue: `arn:aws:ecr:${aws.region}:${aws.accountId}:repository/app` },
    found: ['DeleteRepository', 'CreateRepository'],
  },
  { by: 'Username', request: { AttributeValue: 'nobody' }, found: [] },
  {
    by: 'AccessKeyId',
    request: { AttributeValue: TEST_USER.accessKeyId },
    found: ['CreateCluster', 'DeleteRepository', 'DescribeRepositories', 'CreateRepository'],
  },
] as const) {
  test(`events are found by ${by}, the newest first`, async () => {
    await makeRepository()
    await ecr.send(new DescribeRepositoriesCommand({}))
    await aws.advance(60)
    await ecr.send(new DeleteRepositoryCommand({ repositoryName: 'app' }))
    await new ECSClient(config).send(new CreateClusterCommand({ clusterName: 'main' }))

    const events = await eventsOf({ LookupAttributes: [{ AttributeKey: by, AttributeValue: request.AttributeValue }] })

    assert.deepEqual(
      events.map(({ EventName }) => EventName),
      found,
    )
  })
}

test('an event is found by its id, and between two times', async () => {
  await makeRepository('old')
  await aws.advance(600)
  await makeRepository('new')
  const [, old] = await eventsOf(named('CreateRepository'))
  const byId = { LookupAttributes: [{ AttributeKey: 'EventId' as const, AttributeValue: old?.EventId }] }
  const middle = new Date(aws.clock.now() - 300_000)

  const names: string[] = []
  for (const times of [byId, { StartTime: middle }, { EndTime: middle }]) {
    await aws.advance(1)
    const records = await recordsOf({ ...named('CreateRepository'), ...times })
    names.push(...records.map(({ requestParameters }) => requestParameters.repositoryName))
  }

  assert.deepEqual(names, ['old', 'new', 'old'])
})

test('pages follow each other without gap or repetition, also when calls are made in between', async () => {
  for (let index = 0; index < 120; index += 1) await makeRepository(`app-${index}`)
  const request = named('CreateRepository')
  const names: string[] = []
  let NextToken: string | undefined
  let pages = 0
  do {
    await aws.advance(1)
    const page = await trail.send(new LookupEventsCommand({ ...request, NextToken }))
    names.push(
      ...(page.Events ?? []).map((event) => JSON.parse(event.CloudTrailEvent ?? '').requestParameters.repositoryName),
    )
    NextToken = page.NextToken
    pages += 1
    await makeRepository(`later-${pages}`)
  } while (NextToken !== undefined)

  assert.equal(pages, 3)
  assert.deepEqual(
    names,
    Array.from({ length: 120 }, (_, index) => `app-${119 - index}`),
  )
})

for (const { fact, request, code } of [
  {
    fact: 'two attributes',
    request: {
      LookupAttributes: [
        { AttributeKey: 'EventName' as const, AttributeValue: 'A' },
        { AttributeKey: 'ReadOnly' as const, AttributeValue: 'true' },
      ],
    },
    code: 'InvalidLookupAttributesException',
  },
  {
    fact: 'an end before the start',
    request: { StartTime: new Date(2), EndTime: new Date(1) },
    code: 'InvalidTimeRangeException',
  },
  { fact: 'a token of another lookup', request: { NextToken: 'bm9uZQ==' }, code: 'InvalidNextTokenException' },
  { fact: 'more than 50 events a page', request: { MaxResults: 51 }, code: 'ValidationException' },
]) {
  test(`${fact} is refused`, async () => {
    await assert.rejects(trail.send(new LookupEventsCommand(request)), { name: code })
  })
}

test('there are no insights', async () => {
  await makeRepository()

  assert.deepEqual(await eventsOf({ EventCategory: 'insight' }), [])
})

test('two lookups a second are answered, more are throttled', async () => {
  await eventsOf()
  await eventsOf()
  await assert.rejects(trail.send(new LookupEventsCommand({})), { name: 'ThrottlingException' })
  await aws.advance(0.5)

  assert.ok(await eventsOf())
})

test('the target of the AWS CLI reaches it, which has more dots than that of the SDK', async () => {
  await ecr
    .send(new PutImageTagMutabilityCommand({ repositoryName: 'none', imageTagMutability: 'MUTABLE' }))
    .catch(() => undefined)
  const scope = `${TEST_USER.accessKeyId}/20260101/${aws.region}/cloudtrail/aws4_request`
  const reply = await simulator.handle({
    method: 'POST',
    path: '/',
    query: {},
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-date': '20260101T000000Z',
      'x-amz-target': 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
    },
    body: Buffer.from('{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"PutImageTagMutability"}]}'),
  })

  assert.ok(reply !== 'lost')
  assert.equal(reply.headers['content-type'], 'application/x-amz-json-1.1')
  const { Events } = JSON.parse(String(reply.body))
  // Times travel as seconds since the epoch (Smithy, "AWS JSON 1.1 protocol").
  assert.equal(Events[0].EventTime, aws.clock.now() / 1000)
  assert.equal(JSON.parse(Events[0].CloudTrailEvent).errorCode, 'RepositoryNotFoundException')
})
