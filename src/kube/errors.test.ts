import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure } from '../core/failure.ts'
import { failureFromAnswer, failureFromError, failureFromErrorEvent } from './errors.ts'

describe('a refusal of the API server', () => {
  for (const [httpStatus, reason, code] of [
    [400, 'BadRequest', 'invalid'],
    [401, 'Unauthorized', 'credentials'],
    [403, 'Forbidden', 'denied'],
    [404, 'NotFound', 'not-found'],
    [409, 'AlreadyExists', 'already-exists'],
    [409, 'Conflict', 'conflict'],
    [410, 'Expired', 'expired'],
    [410, 'Gone', 'expired'],
    [422, 'Invalid', 'invalid'],
    [429, 'TooManyRequests', 'throttled'],
    [500, 'InternalError', 'unavailable'],
    [500, 'ServerTimeout', 'unavailable'],
    [503, 'ServiceUnavailable', 'unavailable'],
    [504, 'Timeout', 'timeout'],
    [409, undefined, 'conflict'],
    [502, undefined, 'unavailable'],
    [418, undefined, 'unexpected'],
  ] as const) {
    test(`${httpStatus} ${reason ?? 'without a reason'} means ${code}`, () => {
      const body = JSON.stringify({ kind: 'Status', code: httpStatus, reason, message: 'because' })

      const failure = failureFromAnswer('GET pods', { status: httpStatus, retryAfter: undefined, body })

      assert.equal(failure.code, code)
      assert.equal(failure.message, 'GET pods failed: because')
    })
  }

  test('says how long to wait, in its header or in its details', () => {
    const body = JSON.stringify({ code: 429, reason: 'TooManyRequests', details: { retryAfterSeconds: 3 } })

    assert.equal(failureFromAnswer('X', { status: 429, retryAfter: '7', body }).retryAfterSeconds, 7)
    assert.equal(failureFromAnswer('X', { status: 429, retryAfter: undefined, body }).retryAfterSeconds, 3)
    assert.equal(failureFromAnswer('X', { status: 429, retryAfter: 'soon', body }).retryAfterSeconds, 3)
  })

  test('is understood without a Status', () => {
    assert.equal(failureFromAnswer('X', { status: 503, retryAfter: undefined, body: '<html>' }).code, 'unavailable')
  })
})

test('an ERROR event carries a Status', () => {
  assert.equal(failureFromErrorEvent('WATCH pods', { code: 410, reason: 'Expired' }).code, 'expired')
  assert.equal(failureFromErrorEvent('WATCH pods', { code: 500 }).code, 'unavailable')
})

describe('an error of the HTTP client', () => {
  for (const [error, code] of [
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'unavailable'],
    [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'unavailable'],
    [new Error('terminated', { cause: Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }) }), 'unavailable'],
    [Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }), 'unavailable'],
    [Object.assign(new Error('x'), { code: 'ETIMEDOUT' }), 'timeout'],
    [new TypeError('x is not a function'), 'unexpected'],
  ] as const) {
    test(`${error.name} ${JSON.stringify(error)} means ${code}`, () => {
      assert.equal(failureFromError('GET pods', error).code, code)
    })
  }

  test('that is a Failure stays one', () => {
    const failure = new Failure('denied', 'x')

    assert.equal(failureFromError('y', failure), failure)
  })
})
