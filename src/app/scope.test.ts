import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAnsweringAws } from '../../test/support/answering-aws.ts'
import { createTestAws } from '../../test/support/aws.ts'
import { createMetricsRecorder } from '../../test/support/recorders.ts'
import { createSession } from '../aws/session.ts'
import { failureCodeFrom } from '../core/failure.ts'
import { createOwnScope } from './scope.ts'

const live = new AbortController().signal

/** Credentials that end soon, so that the SDK asks for new ones; the simulator reads the account from the key. */
function createWallet(accountId: string) {
  let current = accountId
  const wallet = async () => {
    return { accessKeyId: `AKIA${current}TEST`, secretAccessKey: 'simulated', expiration: new Date() }
  }
  return { wallet, exchange: (other: string) => void (current = other) }
}

test('whose credentials they are is asked once, by however many', async () => {
  const { session, simulator, region } = createTestAws()
  const scopeFor = createOwnScope(session, region)

  const [first, second] = await Promise.all([scopeFor(live), scopeFor(live)])
  const third = await scopeFor(live)

  assert.deepEqual([second, third], [first, first])
  assert.deepEqual([first.accountId, first.region, first.partition], ['123456789012', region, 'aws'])
  assert.equal(simulator.log.calls().length, 1)
})

test('credentials that are exchanged for those of another account are seen at once', async () => {
  const { simulator, region, clock, requestHandler } = createTestAws()
  const { wallet, exchange } = createWallet('123456789012')
  const metrics = createMetricsRecorder()
  const session = createSession({ region, clock, metrics, credentials: wallet, requestHandler })
  const scopeFor = createOwnScope(session, region)
  assert.equal((await scopeFor(live)).accountId, '123456789012')

  exchange('210987654321')

  assert.equal((await scopeFor(live)).accountId, '210987654321')
  assert.equal(simulator.log.calls().length, 2)
})

test('one who gives up does not take the answer from those who wait with him', async () => {
  const answer = Promise.withResolvers<object>()
  const { session } = createAnsweringAws({})
  const slow = { ...session, sts: { ...session.sts, callerIdentity: () => answer.promise as never } }
  const scopeFor = createOwnScope(slow, 'eu-central-1')
  const impatient = new AbortController()
  const given = scopeFor(impatient.signal).catch(failureCodeFrom)
  const waiting = scopeFor(live)

  impatient.abort()
  answer.resolve({ accountId: '123456789012', arn: 'arn:aws-cn:iam::123456789012:user/x' })

  assert.equal(await given, 'aborted')
  assert.equal((await waiting).partition, 'aws-cn')
})

test('a failure is remembered by nobody: the next one asks again', async () => {
  const { session, simulator, region } = createTestAws()
  simulator.faults.add({ count: 1, effect: { type: 'denied' } })
  const scopeFor = createOwnScope(session, region)
  assert.equal(await scopeFor(live).then(() => 'answered', failureCodeFrom), 'denied')

  assert.equal((await scopeFor(live)).accountId, '123456789012')
})

test('without credentials the answer is a failure that says so', async () => {
  const { region, clock, requestHandler } = createTestAws()
  const credentials = () => Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }))
  const session = createSession({ region, clock, metrics: createMetricsRecorder(), credentials, requestHandler })

  assert.equal(await createOwnScope(session, region)(live).catch(failureCodeFrom), 'credentials')
})
