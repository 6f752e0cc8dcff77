import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ECRClient, GetRepositoryPolicyCommand } from '@aws-sdk/client-ecr'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { openCourier } from './courier.ts'

const live = new AbortController().signal
const delivery = { signal: live, claimant: undefined, lastWord: () => undefined }
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }
const getPolicy = new GetRepositoryPolicyCommand({ repositoryName: 'a' })

interface Reply {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body: string
}

/** What a client answers whose requests end here. */
function createLine(replies: readonly Reply[]) {
  const sent: Pick<HttpRequest, 'protocol' | 'hostname' | 'headers' | 'body'>[] = []
  const handle = async ({ protocol, hostname, headers: asked, body: input }: HttpRequest) => {
    const { status = 200, headers = {}, body } = replies[sent.length] ?? { body: '{}' }
    sent.push({ protocol, hostname, headers: { ...asked }, body: input as unknown })
    return { response: new HttpResponse({ statusCode: status, headers, body: Buffer.from(body) }) }
  }
  const requestHandler = { handle, updateHttpClientConfig: () => undefined, httpHandlerConfigs: () => ({}) }
  return { sent, config: { region: 'eu-central-1', credentials, requestHandler } }
}

test('a call goes to the endpoint of its service and region, signed for both', async () => {
  const { sent, config } = createLine([{ body: '{"repositoryName":"a","policyText":"{}"}' }])
  const courier = openCourier(new ECRClient(config), createHandClock())

  const answer = await courier.deliver(getPolicy, delivery)

  const [request] = sent
  assert.equal(request?.hostname, 'api.ecr.eu-central-1.amazonaws.com')
  assert.equal(request?.headers['host'], 'api.ecr.eu-central-1.amazonaws.com')
  assert.match(
    request?.headers['authorization'] ?? '',
    /Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/ecr\/aws4_request/,
  )
  assert.match(request?.headers['authorization'] ?? '', /SignedHeaders=[^,]*\bhost\b[^,]*x-amz-target/)
  assert.match(request?.headers['user-agent'] ?? '', /^aws-sdk-js\/3\.\S+ .*\blang\/js/)
  assert.deepEqual(JSON.parse(String(request?.body)), { repositoryName: 'a' })
  assert.equal(Reflect.get(answer, 'policyText'), '{}')
})

test('an application id of the settings (AWS_SDK_UA_APP_ID) stands in the user agent', async () => {
  const { sent, config } = createLine([])
  const courier = openCourier(new ECRClient({ ...config, userAgentAppId: 'pod-1' }), createHandClock())

  await courier.deliver(getPolicy, delivery)

  assert.match(sent[0]?.headers['user-agent'] ?? '', / app\/pod-1( |$)/)
})

test('an endpoint of the settings is the one that is called', async () => {
  const { sent, config } = createLine([])
  const courier = openCourier(new ECRClient({ ...config, endpoint: 'http://127.0.0.1:4566' }), createHandClock())

  await courier.deliver(getPolicy, delivery)

  assert.deepEqual([sent[0]?.protocol, sent[0]?.headers['host']], ['http:', '127.0.0.1:4566'])
})

test('a service with another protocol is spoken to in that', async () => {
  const body = '<R><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></R>'
  const { sent, config } = createLine([{ body }])
  const courier = openCourier(new STSClient(config), createHandClock())

  const answer = await courier.deliver(new GetCallerIdentityCommand({}), delivery)

  assert.match(String(sent[0]?.body), /Action=GetCallerIdentity/)
  assert.equal(Reflect.get(answer, 'Account'), '123456789012')
})

test('a refusal is the exception of the SDK, with the answer beside it', async () => {
  const body = '{"__type":"RepositoryPolicyNotFoundException","message":"none"}'
  const { config } = createLine([{ status: 400, headers: { 'retry-after': '7' }, body }])
  const courier = openCourier(new ECRClient(config), createHandClock())

  await assert.rejects(courier.deliver(getPolicy, delivery), (error: Error) => {
    assert.equal(error.name, 'RepositoryPolicyNotFoundException')
    assert.equal(Reflect.get(error, '$response').headers['retry-after'], '7')
    return true
  })
})

test('credentials are asked for at every call, because they are exchanged', async () => {
  const { sent, config } = createLine([])
  let asked = 0
  const provider = async () => ({ accessKeyId: `AKID${(asked += 1)}`, secretAccessKey: 'e', expiration: new Date(0) })
  const courier = openCourier(new ECRClient({ ...config, credentials: provider }), createHandClock())

  await courier.deliver(getPolicy, delivery)
  await courier.deliver(getPolicy, delivery)

  const keys = sent.map(({ headers }) => /Credential=(\w+)/.exec(headers['authorization'] ?? '')?.[1])
  assert.notEqual(keys[0], keys[1])
})

test('credentials that cannot be had now are asked for again at the next call', async () => {
  const { sent, config } = createLine([])
  let fails = true
  const provider = async () => {
    if (fails) throw new Error('not now')
    return credentials
  }
  const courier = openCourier(new ECRClient({ ...config, credentials: provider }), createHandClock())

  await assert.rejects(courier.deliver(getPolicy, delivery), /not now/)
  fails = false
  await courier.deliver(getPolicy, delivery)

  assert.equal(sent.length, 1)
})

for (const { fact, minutes, signedAfterMinutes } of [
  { fact: 'a clock that AWS finds wrong is corrected for the next signature', minutes: 30, signedAfterMinutes: 30 },
  { fact: 'a clock that is nearly right is believed', minutes: 1, signedAfterMinutes: 0 },
]) {
  test(fact, async () => {
    const clock = createHandClock()
    const date = new Date(clock.now() + minutes * 60_000).toUTCString()
    const body = '{"__type":"InvalidSignatureException"}'
    const { sent, config } = createLine([{ status: 403, headers: { date }, body }])
    const courier = openCourier(new ECRClient(config), clock)

    await assert.rejects(courier.deliver(getPolicy, delivery))
    await courier.deliver(getPolicy, delivery)

    const expected = new Date(Math.floor(clock.now() / 1000) * 1000 + signedAfterMinutes * 60_000)
    assert.equal(sent[1]?.headers['x-amz-date'], expected.toISOString().replaceAll(/[-:]|\.\d+/g, ''))
  })
}

test('the last word comes when the request is signed, and may keep it from leaving', async () => {
  const { sent, config } = createLine([])
  const courier = openCourier(new ECRClient(config), createHandClock())
  const lastWord = (): void => {
    throw new Error('others lead')
  }

  await assert.rejects(courier.deliver(getPolicy, { ...delivery, lastWord }), /others lead/)

  assert.equal(sent.length, 0)
})
