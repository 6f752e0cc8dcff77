import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ECRClient } from '@aws-sdk/client-ecr'
import { HttpRequest } from '@smithy/core/protocols'
import fc from 'fast-check'
import { createSign, type SigningKeys } from './signature.ts'

const DATE = new Date('2026-11-21T10:15:00Z')
const BODY = '{"repositoryName":"a"}'
const HEADERS = { host: 'ecr.eu-central-1.amazonaws.com', 'content-type': 'application/x-amz-json-1.1' }
const sign = createSign({ region: 'eu-central-1', service: 'ecr' })

/** What the SDK signs the same request with. It adds the hash of the body to the headers, which only S3 asks for. */
async function signedBySdk(headers: Record<string, string>, body: string, keys: SigningKeys) {
  const { sessionToken, ...lasting } = keys
  const credentials = sessionToken === undefined ? lasting : { ...lasting, sessionToken }
  const signer = await new ECRClient({ region: 'eu-central-1', credentials }).config.signer()
  const request = new HttpRequest({ method: 'POST', hostname: headers['host'] ?? '', headers: { ...headers }, body })
  return (await signer.sign(request, { signingDate: DATE })).headers
}

/** Whether we and the SDK sign the same, given the header that only the SDK adds. */
async function assertSameSignature(headers: Record<string, string>, body: string, keys: SigningKeys): Promise<void> {
  const theirs = await signedBySdk(headers, body, keys)
  const hash = theirs['x-amz-content-sha256'] ?? assert.fail('the SDK does not hash bodies any more')

  const ours = sign({ method: 'POST', headers: { ...headers, 'x-amz-content-sha256': hash }, body }, keys, DATE)

  assert.equal(ours['authorization'], theirs['authorization'])
  assert.equal(ours['x-amz-date'], theirs['x-amz-date'])
  assert.equal(ours['x-amz-security-token'], theirs['x-amz-security-token'])
}

test('signatures are those of the SDK', async () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'B', '0', ' ', '-', '/', ';', '='), maxLength: 20 })
  const name = fc.constantFrom('x-amz-target', 'user-agent', 'connection', 'x-amz-meta', 'accept', 'expect')
  const keys = fc.record({
    accessKeyId: fc.constant('AKIDEXAMPLE'),
    secretAccessKey: word,
    sessionToken: fc.option(word, { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, word), fc.string(), keys, (more, body, given) =>
      assertSameSignature({ ...HEADERS, ...more }, body, given),
    ),
    { numRuns: 50 },
  )
})

for (const { fact, secretAccessKey = 'secret', date = DATE } of [
  { fact: 'other credentials', secretAccessKey: 'exchanged' },
  { fact: 'another day', date: new Date('2026-11-22T10:15:00Z') },
]) {
  test(`${fact} give another signature, from the same signer`, () => {
    const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
    const before = sign({ method: 'POST', headers: HEADERS, body: BODY }, keys, DATE)['authorization']

    const after = sign({ method: 'POST', headers: HEADERS, body: BODY }, { ...keys, secretAccessKey }, date)
    const fresh = createSign({ region: 'eu-central-1', service: 'ecr' })
    const wanted = fresh({ method: 'POST', headers: HEADERS, body: BODY }, { ...keys, secretAccessKey }, date)

    assert.notEqual(after['authorization'], before)
    assert.equal(after['authorization'], wanted['authorization'])
  })
}
