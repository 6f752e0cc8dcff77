import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureCodeFrom } from '../core/failure.ts'
import { createSharedCall } from './shared-call.ts'

/** A call that is answered by hand, and how often it was made. */
function createPendingCall() {
  const signals: AbortSignal[] = []
  const answers: PromiseWithResolvers<string>[] = []
  const ask = createSharedCall('sts:GetCallerIdentity', (signal) => {
    signals.push(signal)
    const answer = Promise.withResolvers<string>()
    answers.push(answer)
    return answer.promise
  })
  return { ask, signals, answer: (text: string) => answers.at(-1)?.resolve(text), answers }
}

const live = new AbortController().signal
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'answered', failureCodeFrom)

test('all who ask while the call is under way get its answer', async () => {
  const { ask, signals, answer } = createPendingCall()
  const both = Promise.all([ask(live), ask(live)])
  answer('me')

  assert.deepEqual([await both, signals.length], [['me', 'me'], 1])
})

test('one who gives up leaves the others their answer', async () => {
  const { ask, signals, answer } = createPendingCall()
  const impatient = new AbortController()
  const [first, second] = [codeOf(ask(impatient.signal)), ask(live)]

  impatient.abort()
  answer('me')

  assert.deepEqual([await first, await second, signals[0]?.aborted], ['aborted', 'me', false])
})

test('when the last one gives up the call is aborted, and the next one begins another', async () => {
  const { ask, signals, answer } = createPendingCall()
  const impatient = new AbortController()
  const only = codeOf(ask(impatient.signal))
  impatient.abort()
  const next = ask(live)
  answer('me')

  assert.deepEqual([await only, signals[0]?.aborted, await next, signals.length], ['aborted', true, 'me', 2])
})

test('neither an answer nor an error is remembered', async () => {
  const { ask, answer, answers } = createPendingCall()
  const failed = codeOf(ask(live))
  answers[0]?.reject(new Error('no'))
  assert.equal(await failed, 'unexpected')

  for (const text of ['one', 'two']) {
    const asked = ask(live)
    answer(text)
    assert.equal(await asked, text)
  }
})

test('who has given up already asks nobody', async () => {
  const { ask, signals } = createPendingCall()

  assert.deepEqual([await codeOf(ask(AbortSignal.abort())), signals.length], ['aborted', 0])
})
