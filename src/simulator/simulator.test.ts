import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  PutImageCommand,
  StartImageScanCommand,
} from '@aws-sdk/client-ecr'
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { createTestAws } from '../../test/support/aws.ts'
import { createManualClock } from './clock.ts'
import type { HttpAnswer, HttpRequest } from './protocol/http.ts'
import type { SimulatedService } from './service.ts'
import { ecr } from './services/ecr/index.ts'
import { createSimulator, type SimulatorOptions } from './simulator.ts'

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/eu-west-1/ecr/aws4_request, SignedHeaders=host, Signature=00'

function ecrRequest(change: { headers?: Record<string, string>; body?: string | Uint8Array } = {}): HttpRequest {
  return {
    method: 'POST',
    path: '/',
    query: {},
    headers: {
      authorization: AUTHORIZATION,
      'x-amz-date': '20260101T000000Z',
      'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories',
      ...change.headers,
    },
    body: Buffer.from(change.body ?? '{}'),
  }
}

async function answerTo(request: HttpRequest, options: Partial<SimulatorOptions> = {}): Promise<HttpAnswer> {
  const reply = await createSimulator({ clock: createManualClock(), services: [ecr], ...options }).handle(request)
  assert.ok(reply !== 'lost')
  return reply
}

function codeOf(answer: HttpAnswer): string | undefined {
  return answer.headers['x-amzn-errortype']
}

for (const { fact, accessKeyId, accounts, accountId } of [
  {
    fact: 'a key that carries twelve digits belongs to that account',
    accessKeyId: 'AKIA210987654321ABCD',
    accountId: '210987654321',
  },
  {
    fact: 'any other key belongs to the default account',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    accountId: '123456789012',
  },
  {
    fact: 'the mapping decides before the key',
    accessKeyId: 'AKIA210987654321ABCD',
    accounts: { AKIA210987654321ABCD: '111122223333' },
    accountId: '111122223333',
  },
]) {
  test(fact, async () => {
    const aws = createTestAws({ ...(accounts && { accounts }) })
    const client = new STSClient({ ...aws.clientConfig, credentials: { accessKeyId, secretAccessKey: 'x' } })

    const answer = await client.send(new GetCallerIdentityCommand({}))

    assert.equal(answer.Account, accountId)
  })
}

test('an assumed role acts in its own account, until the session expires', async () => {
  const aws = createTestAws()
  const { Credentials } = await new STSClient(aws.clientConfig).send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::999988887777:role/team/deployer',
      RoleSessionName: 'test',
      DurationSeconds: 900,
    }),
  )
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
  }
  const assumed = new STSClient({ ...aws.clientConfig, credentials })

  const identity = await assumed.send(new GetCallerIdentityCommand({}))
  assert.equal(identity.Arn, 'arn:aws:sts::999988887777:assumed-role/deployer/test')
  assert.equal(identity.Account, '999988887777')

  await aws.advance(900)
  await assert.rejects(assumed.send(new GetCallerIdentityCommand({})), { name: 'ExpiredToken' })
})

test('operations without credentials are routed by their action', async () => {
  const aws = createTestAws()
  const input = {
    RoleArn: 'arn:aws:iam::999988887777:role/pod',
    RoleSessionName: 'pod',
    WebIdentityToken: 'a.long.token',
  }

  const answer = await new STSClient(aws.clientConfig).send(new AssumeRoleWithWebIdentityCommand(input))

  assert.match(answer.AssumedRoleUser?.Arn ?? '', /999988887777:assumed-role\/pod\/pod$/)
})

test('accounts and regions are apart', async () => {
  const aws = createTestAws()
  const here = new ECRClient(aws.clientConfig)
  const elsewhere = new ECRClient({ ...aws.clientConfig, region: 'us-west-2' })
  const other = new ECRClient({
    ...aws.clientConfig,
    credentials: { accessKeyId: 'AKIA210987654321ABCD', secretAccessKey: 'x' },
  })
  await here.send(new CreateRepositoryCommand({ repositoryName: 'app' }))

  const found = await Promise.all(
    [here, elsewhere, other].map((client) => client.send(new DescribeRepositoriesCommand({}))),
  )

  assert.deepEqual(
    found.map(({ repositories = [] }) => repositories.length),
    [1, 0, 0],
  )
})

test('an operation that is not modelled fails with its name, is not retried, and is in the log', async () => {
  const aws = createTestAws()
  const client = new ECRClient({ ...aws.clientConfig, maxAttempts: 3 })

  await assert.rejects(client.send(new StartImageScanCommand({ repositoryName: 'app', imageId: { imageTag: 'v1' } })), {
    name: 'UnsupportedBySimulator',
    message: 'the AWS simulator does not model ecr:StartImageScan',
  })
  assert.deepEqual(aws.simulator.log.counts(), { 'ecr:StartImageScan': 1 })
  assert.equal(aws.simulator.log.calls()[0]?.errorCode, 'UnsupportedBySimulator')
})

for (const { fact, request, code, status, options } of [
  {
    fact: 'refuses a signature without its parts',
    request: { headers: { authorization: 'AWS4-HMAC-SHA256' } },
    code: 'IncompleteSignatureException',
    status: 400,
  },
  {
    fact: 'refuses a signature whose scope is of another day',
    request: { headers: { 'x-amz-date': '20260102T000000Z' } },
    code: 'InvalidSignatureException',
    status: 400,
  },
  {
    fact: 'refuses a signature of more than five minutes ago while time is real',
    request: {},
    options: { wallClockMs: () => Date.UTC(2026, 0, 1, 0, 5, 1) },
    code: 'InvalidSignatureException',
    status: 400,
  },
  {
    fact: 'names a service that is not simulated',
    request: { headers: { authorization: AUTHORIZATION.replace('/ecr/', '/braket/') } },
    code: 'UnsupportedBySimulator',
    status: 501,
  },
  {
    fact: 'refuses an operation that the service does not have',
    request: { headers: { 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.MakeCoffee' } },
    code: 'UnknownOperationException',
    status: 404,
  },
  { fact: 'refuses a body that is no JSON', request: { body: '{' }, code: 'SerializationException', status: 400 },
  {
    fact: 'refuses a member of the wrong type',
    request: { body: '{"maxResults":"ten"}' },
    code: 'SerializationException',
    status: 400,
  },
  {
    fact: 'refuses a member that the model lacks',
    request: { body: '{"maxResult":10}' },
    code: 'InvalidParameterException',
    status: 400,
  },
  {
    fact: 'refuses a number outside its range',
    request: { body: '{"maxResults":0}' },
    code: 'InvalidParameterException',
    status: 400,
  },
  {
    fact: 'refuses a text that breaks its pattern',
    request: { body: '{"repositoryNames":["App"]}' },
    code: 'InvalidParameterException',
    status: 400,
  },
  {
    fact: 'refuses an input without a required member',
    request: { headers: { 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.CreateRepository' } },
    code: 'InvalidParameterException',
    status: 400,
  },
]) {
  test(fact, async () => {
    const answer = await answerTo(ecrRequest(request), options)

    assert.deepEqual([codeOf(answer), answer.status], [code, status])
  })
}

test('accepts a signature of five minutes ago while time is real', async () => {
  const answer = await answerTo(ecrRequest(), { wallClockMs: () => Date.UTC(2026, 0, 1, 0, 5, 0) })

  assert.equal(answer.status, 200)
})

test('names every violation with its place', async () => {
  const answer = await answerTo(ecrRequest({ body: '{"repositoryNames":["ok","NO"],"maxResults":0}' }))

  const { message } = JSON.parse(String(answer.body))
  assert.match(message, /^2 validation errors detected: Value at 'repositoryNames\[1\]'.*; Value at 'maxResults'/)
})

test('inflates bodies that came compressed', async () => {
  const compressed = gzipSync('{"repositoryNames":["absent"]}')

  const answer = await answerTo(ecrRequest({ headers: { 'content-encoding': 'gzip' }, body: compressed }))

  assert.equal(codeOf(answer), 'RepositoryNotFoundException')
})

test('denies what a key was not given, and gives the rest', async () => {
  const aws = createTestAws({ permissions: { '*': ['ecr:Describe*'] } })
  const client = new ECRClient(aws.clientConfig)

  await client.send(new DescribeRepositoriesCommand({}))
  await assert.rejects(client.send(new CreateRepositoryCommand({ repositoryName: 'app' })), {
    name: 'AccessDeniedException',
  })
})

test('the log has who, what, when and how it went', async () => {
  const aws = createTestAws()
  const client = new ECRClient({ ...aws.clientConfig, customUserAgent: 'longshore-test' })
  await aws.advance(10)
  await client.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
  await client.send(new CreateRepositoryCommand({ repositoryName: 'app' })).catch(() => undefined)

  const [created, refused] = aws.simulator.log.calls({ operation: 'CreateRepository' })

  assert.deepEqual(
    [created?.accountId, created?.region, created?.accessKeyId, created?.startMs, created?.status, created?.parameters],
    [
      aws.accountId,
      aws.region,
      aws.clientConfig.credentials.accessKeyId,
      aws.clock.now(),
      200,
      { repositoryName: 'app' },
    ],
  )
  assert.match(created?.userAgent ?? '', /longshore-test/)
  assert.equal(refused?.errorCode, 'RepositoryAlreadyExistsException')
})

test('the log holds no sensitive member', async () => {
  const aws = createTestAws()
  const input = {
    RoleArn: 'arn:aws:iam::999988887777:role/pod',
    RoleSessionName: 'pod',
    WebIdentityToken: 'a.secret.token',
  }
  await new STSClient(aws.clientConfig).send(new AssumeRoleWithWebIdentityCommand(input))

  assert.ok(!JSON.stringify(aws.simulator.log.calls()).includes('a.secret.token'))
})

test('a result that does not fit the output shape is an error of the simulator, with a sentence', async () => {
  const broken: SimulatedService<object> = {
    id: 'ecr',
    schemas: ecr.schemas,
    createState: () => ({}),
    operations: { DescribeRepositories: () => ({ repositories: [{ name: 'x' }] }) },
  }

  const answer = await answerTo(ecrRequest(), { services: [broken] })

  assert.equal(answer.status, 500)
  assert.match(
    String(answer.body),
    /ecr:DescribeRepositoriesResponse.repositories\[0\].name is no member of Repository/,
  )
})

test('the same calls give the same ids', async () => {
  const idsOf = async (): Promise<string | undefined> => (await answerTo(ecrRequest())).headers['x-amzn-requestid']

  assert.equal(await idsOf(), await idsOf())
  assert.match((await idsOf()) ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('a reset forgets states, calls and what was scheduled', async () => {
  const aws = createTestAws()
  const client = new ECRClient(aws.clientConfig)
  await client.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
  await client.send(new PutImageCommand({ repositoryName: 'app', imageManifest: '{}' }))
  aws.simulator.clock.after(5, () => assert.fail('must not run after a reset'))
  assert.deepEqual(aws.simulator.countLive(), { ecr: { repositories: 1 } })

  aws.simulator.reset()
  await aws.advance(10)

  assert.deepEqual([aws.simulator.dump(), aws.simulator.countLive(), aws.simulator.log.counts()], [{}, {}, {}])
})

test('the dump has every state by service, account and region', async () => {
  const aws = createTestAws()
  await new ECRClient(aws.clientConfig).send(new CreateRepositoryCommand({ repositoryName: 'app' }))

  const dumped = JSON.stringify(aws.simulator.dump())

  assert.match(dumped, new RegExp(`^\\{"ecr":\\{"${aws.accountId}/${aws.region}":\\{"repositories":\\{"app":`))
})
