import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerError, createAnsweringAws } from '../../test/support/answering-aws.ts'
import type { Failure, FailureCode } from '../core/failure.ts'
import { claimantFor } from './pace.ts'

const live = new AbortController().signal
const name = 'demo/hello'

function failsWith(code: FailureCode) {
  return (error: Failure) => {
    assert.equal(error.code, code)
    return true
  }
}

test('a call names the object on whose behalf it is made', async () => {
  const { run, sent } = createAnsweringAws({ DeleteLifecyclePolicy: () => ({}) })
  const owner = { installationId: 'i', namespace: 'demo', kind: 'EcrRepository', name: 'hello' }

  await run(({ actingFor }) => actingFor(claimantFor(owner, 'change')).ecr.deleteLifecyclePolicy(name, live))

  assert.match(sent[0]?.userAgent ?? '', / longshore-object\/EcrRepository\/demo\/hello( |$)/)
})

test('a call for nobody in particular names no object', async () => {
  const { run, sent } = createAnsweringAws({ DeleteLifecyclePolicy: () => ({}) })

  await run(({ ecr }) => ecr.deleteLifecyclePolicy(name, live))

  assert.doesNotMatch(sent[0]?.userAgent ?? '', /longshore-object/)
})

test('a failed call is made once, because the engine owns all retries', async () => {
  const { run, sent } = createAnsweringAws({ SetRepositoryPolicy: () => answerError('ThrottlingException') })

  await assert.rejects(
    run(({ ecr }) => ecr.setPolicy(name, '{}', live)),
    failsWith('throttled'),
  )

  assert.equal(sent.length, 1)
})

test('calls are counted by service, operation and code', async () => {
  let calls = 0
  const { run, metrics } = createAnsweringAws({
    SetRepositoryPolicy: () => (calls++ === 0 ? answerError('KmsException') : {}),
  })

  await assert.rejects(run(({ ecr }) => ecr.setPolicy(name, '{}', live)))
  await run(({ ecr }) => ecr.setPolicy(name, '{}', live))

  const labels = { service: 'ecr', operation: 'SetRepositoryPolicy' }
  assert.equal(metrics.value('longshore_aws_calls_total', { ...labels, code: 'KmsException' }), 1)
  assert.equal(metrics.value('longshore_aws_calls_total', { ...labels, code: 'ok' }), 1)
})

function untilAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(Object.assign(new Error('aborted'), { name: 'AbortError' }))
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort)
  return promise
}

test('a call without an answer counts as lost after the deadline, and no timer is left behind', async () => {
  const aws = createAnsweringAws({ SetRepositoryPolicy: (_, signal) => untilAborted(signal) }, { deadlineSeconds: 7 })
  const started = aws.clock.now()

  await assert.rejects(
    aws.run(({ ecr }) => ecr.setPolicy(name, '{}', live)),
    failsWith('timeout'),
  )

  const seconds = (aws.clock.now() - started) / 1000
  assert.ok(seconds >= 7 && seconds < 7.1, `gave up after ${seconds} s`)
  assert.equal(aws.clock.pending(), 0)
  assert.equal(aws.metrics.value('longshore_aws_calls_total', { code: 'timeout' }), 1)
})

test('a call that its caller gives up is aborted, whatever the SDK makes of it', async () => {
  const aws = createAnsweringAws({ SetRepositoryPolicy: (_, signal) => untilAborted(signal) })
  const caller = new AbortController()

  const call = aws.run(({ ecr }) => ecr.setPolicy(name, '{}', caller.signal))
  caller.abort()

  await assert.rejects(call, failsWith('aborted'))
  assert.equal(aws.clock.pending(), 0)
})

test('a caller that gave up before sends nothing', async () => {
  const { run, sent } = createAnsweringAws({})

  await assert.rejects(
    run(({ ecr }) => ecr.setPolicy(name, '{}', AbortSignal.abort())),
    failsWith('aborted'),
  )

  assert.equal(sent.length, 0)
})

test('a call that may not be sent any more once it is signed is not sent', async () => {
  let may = true
  const credentials = async () => {
    may = false
    return { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }
  }
  const { run, sent, metrics } = createAnsweringAws({}, { credentials, maySend: () => may })

  await assert.rejects(
    run(({ ecr }) => ecr.setPolicy(name, '{}', live)),
    failsWith('aborted'),
  )

  assert.equal(sent.length, 0)
  assert.equal(metrics.value('longshore_aws_calls_total', { operation: 'SetRepositoryPolicy', code: 'aborted' }), 1)
})

for (const { fact, code, meaning } of [
  {
    fact: 'a connection that breaks in mid-call leaves open whether there was an effect',
    code: 'ECONNRESET',
    meaning: 'timeout',
  },
  { fact: 'a refused connection had no effect', code: 'ECONNREFUSED', meaning: 'unavailable' },
] as const) {
  test(fact, async () => {
    const { run } = createAnsweringAws({
      SetRepositoryPolicy: () => Promise.reject(Object.assign(new Error('socket'), { code })),
    })

    await assert.rejects(
      run(({ ecr }) => ecr.setPolicy(name, '{}', live)),
      failsWith(meaning),
    )
  })
}
