import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr'
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { createManualClock } from './clock.ts'
import { createControl } from './control.ts'
import { serveSimulator } from './server.ts'
import { SERVICES } from './services/index.ts'
import { createSimulator } from './simulator.ts'

const manual = createManualClock()
const simulator = createSimulator({ clock: manual, services: SERVICES })
const server = await serveSimulator(simulator, createControl({ simulator, manual }), {
  bindAddress: '127.0.0.1',
  port: 0,
})
after(() => server.close())

const config = {
  endpoint: server.url,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' },
  maxAttempts: 1,
}
const ecr = new ECRClient(config)

async function control(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.url}/_simulator/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

async function answerOf(method: string, path: string, body?: unknown): Promise<unknown> {
  return (await control(method, path, body)).body
}

test('SDK clients reach every service on the one endpoint', async () => {
  const identity = await new STSClient(config).send(new GetCallerIdentityCommand({}))
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({}))

  assert.equal(identity.Account, '123456789012')
  assert.deepEqual(repositories, [])
})

test('a service that is not simulated is named', async () => {
  await assert.rejects(new EKSClient(config).send(new ListClustersCommand({})), {
    message: 'the AWS simulator does not model the service eks',
  })
})

test('the control endpoints show what lives, and whether the accounts are empty', async () => {
  await answerOf('POST', 'reset')
  assert.deepEqual(await answerOf('GET', 'account'), { isEmpty: true, live: {} })

  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }))

  assert.deepEqual(await answerOf('GET', 'account'), { isEmpty: false, live: { ecr: { repositories: 1 } } })
  assert.match(JSON.stringify(await answerOf('GET', 'state')), /"ecr":.*"app":/)
})

test('the log of calls can be filtered, and counts by operation', async () => {
  await answerOf('POST', 'reset')
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' })).catch(() => undefined)
  await ecr.send(new DescribeRepositoriesCommand({}))

  const all = Object(await answerOf('GET', 'calls'))
  const refused = Object(
    await answerOf('GET', 'calls?operation=CreateRepository&errorCode=RepositoryAlreadyExistsException'),
  )

  assert.deepEqual(all.counts, { 'ecr:CreateRepository': 2, 'ecr:DescribeRepositories': 1 })
  assert.deepEqual([all.calls.length, refused.calls.length], [3, 1])
})

test('a manual clock is wound by request', async () => {
  const before = manual.now()

  const clock = Object(await answerOf('POST', 'clock/advance', { seconds: 90 }))

  assert.equal(manual.now() - before, 90_000)
  assert.equal(clock.now, new Date(manual.now()).toISOString())
})

test('a clock that runs by itself cannot be wound', async () => {
  const handle = createControl({ simulator })
  const request = {
    method: 'POST',
    path: '/_simulator/clock/advance',
    query: {},
    headers: {},
    body: Buffer.from('{"seconds":1}'),
  }

  const { status, body } = await handle(request)

  assert.equal(status, 400)
  assert.match(String(body), /--clock manual/)
})

test('fault rules are put, listed and deleted', async () => {
  await answerOf('POST', 'reset')
  await answerOf('PUT', 'faults', [{ id: 'down', service: 'ecr', effect: { type: 'unavailable' } }])
  await assert.rejects(ecr.send(new DescribeRepositoriesCommand({})), { name: 'ServiceUnavailable' })
  assert.deepEqual(await answerOf('GET', 'faults'), [
    { id: 'down', service: 'ecr', effect: { type: 'unavailable' }, seen: 1 },
  ])

  await answerOf('DELETE', 'faults')

  assert.equal((await ecr.send(new DescribeRepositoriesCommand({}))).$metadata.httpStatusCode, 200)
})

test('a lost answer ends the connection', async () => {
  await answerOf('PUT', 'faults', [{ count: 1, effect: { type: 'lost', when: 'before-effect' } }])

  await assert.rejects(ecr.send(new DescribeRepositoriesCommand({})), { code: 'ECONNRESET' })
})

test('a scenario is put and read', async () => {
  const scenario = { images: { 'app:broken': { type: 'crash', afterSeconds: 5, exitCode: 3 } } }

  assert.deepEqual(await answerOf('PUT', 'scenario', scenario), scenario)
  assert.deepEqual(await answerOf('GET', 'scenario'), scenario)
})

test('a scenario may say one thing alone, and leaves the rest as it is', async () => {
  const images = { app: { type: 'run' } }
  await answerOf('PUT', 'scenario', { images })

  assert.deepEqual(await answerOf('PUT', 'scenario', { eventDelaySeconds: 60 }), { images, eventDelaySeconds: 60 })
})

test('the fidelity ledger has a source and a basis for every rule', async () => {
  const ledgers = Object(await answerOf('GET', 'ledger'))

  const entries = Object.values(ledgers).flatMap((ledger) => Object.values(Object(ledger)))
  assert.ok(entries.length > 30)
  for (const entry of entries) {
    const { source, basis, rule, date } = Object(entry)
    assert.ok(source && rule && ['documented', 'reported', 'assumed'].includes(basis))
    assert.match(date, /^2026-\d\d(-\d\d)?$/)
  }
})

for (const { fact, method, path, body, status, error } of [
  {
    fact: 'an unknown control request names those there are',
    method: 'GET',
    path: 'coffee',
    status: 404,
    error: /no GET coffee; there are: GET state/,
  },
  {
    fact: 'seconds must be a number',
    method: 'POST',
    path: 'clock/advance',
    body: { seconds: 'ten' },
    status: 400,
    error: /^seconds must be a number/,
  },
  {
    fact: 'seconds must not be negative',
    method: 'POST',
    path: 'clock/advance',
    body: { seconds: -1 },
    status: 400,
    error: /^seconds must be a number/,
  },
  {
    fact: 'a fault needs an effect',
    method: 'PUT',
    path: 'faults',
    body: [{}],
    status: 400,
    error: /^faults\[0\].effect must be an object/,
  },
  {
    fact: 'an unknown effect names those there are',
    method: 'PUT',
    path: 'faults',
    body: [{ effect: { type: 'explode' } }],
    status: 400,
    error: /^faults\[0\].effect.type must be one of throttle, unavailable, denied, error, lost, delay, stale-read$/,
  },
  {
    fact: 'an unknown member of a rule is named',
    method: 'PUT',
    path: 'faults',
    body: [{ operaton: 'X', effect: { type: 'throttle' } }],
    status: 400,
    error: /^faults\[0\].operaton is no member of a rule/,
  },
  {
    fact: 'an unknown image behaviour names those there are',
    method: 'PUT',
    path: 'scenario',
    body: { images: { app: { type: 'dance' } } },
    status: 400,
    error: /^images.app.type must be one of run, crash, cannot-pull, never-healthy$/,
  },
]) {
  test(fact, async () => {
    const answer = await control(method, path, body)

    assert.equal(answer.status, status)
    assert.match(Object(answer.body).error, error)
  })
}

test('a control request that is refused changes nothing', async () => {
  await answerOf('PUT', 'faults', [{ id: 'kept', operation: 'None', effect: { type: 'throttle' } }])

  await answerOf('PUT', 'faults', [{ id: 'new', effect: { type: 'throttle' } }, { effect: { type: 'explode' } }])

  assert.deepEqual(
    Object(await answerOf('GET', 'faults')).map(({ id }: { id: string }) => id),
    ['kept'],
  )
})
