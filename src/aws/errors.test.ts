import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'
import { Failure, type FailureCode } from '../core/failure.ts'
import { awsCodeOf, awsCodesMeaning, failureFrom, unlessNotFound } from './errors.ts'

function awsError(name: string, httpStatusCode = 400, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error('Rate exceeded, access denied, not found'), {
    name,
    $metadata: { httpStatusCode },
    $response: { headers },
  })
}

const table: readonly (readonly [string, FailureCode])[] = [
  ['RepositoryNotFoundException', 'not-found'],
  ['ClusterNotFoundException', 'not-found'],
  ['RepositoryAlreadyExistsException', 'already-exists'],
  ['RepositoryNotEmptyException', 'in-use'],
  ['ClusterContainsTasksException', 'in-use'],
  ['UpdateInProgressException', 'busy'],
  ['ConflictException', 'conflict'],
  ['ThrottlingException', 'throttled'],
  ['Throttling', 'throttled'],
  ['LimitExceededException', 'limit-exceeded'],
  ['AccessDeniedException', 'denied'],
  ['ExpiredTokenException', 'credentials'],
  ['UnrecognizedClientException', 'credentials'],
  ['CredentialsProviderError', 'credentials'],
  ['InvalidParameterException', 'invalid'],
  ['ServerException', 'unavailable'],
  ['TimeoutError', 'timeout'],
]

for (const [code, meaning] of table) {
  test(`${code} means ${meaning}, whatever the message says`, () => {
    assert.equal(failureFrom(awsError(code), 'ecr:X').code, meaning)
  })
}

for (const { status, meaning } of [
  { status: 503, meaning: 'unavailable' },
  { status: 501, meaning: 'unexpected' },
  { status: 429, meaning: 'throttled' },
  { status: 403, meaning: 'denied' },
  { status: 400, meaning: 'unexpected' },
] as const) {
  test(`an unknown code with HTTP ${status} means ${meaning}`, () => {
    assert.equal(failureFrom(awsError('NeverHeardOfException', status), 'ecr:X').code, meaning)
  })
}

test('every error that the models of ECR and ECS name has a meaning, except for calls that longshore does not make', () => {
  const modelled = [...Object.entries(ecr), ...Object.entries(ecs)]
    .filter(
      ([name, value]) => typeof value === 'function' && name.endsWith('Exception') && !/^(ECR|ECS)Service/.test(name),
    )
    .map(([name]) => name)

  const unknown = new Set(modelled.filter((name) => failureFrom(awsError(name), 'x').code === 'unexpected'))

  // Images, layers, scans, signing, replication, pull-through caches; sessions, daemons and gateways of ECS.
  const elsewhere =
    /Upload|Layer|Image(?!NotFound)|Scan|Signing|Exclusion|Replication|Upstream|Secret|Template|PullThrough|RegistryPolicy|Referrers|Target|NoUpdate|Daemon|Gateway/
  assert.deepEqual(
    [...unknown].filter((name) => !elsewhere.test(name)),
    [],
  )
})

test('a failure tells the operation, the code and what AWS said', () => {
  const cause = awsError('KmsException')

  const failure = failureFrom(cause, 'ecr:CreateRepository')

  assert.equal(
    failure.message,
    'ecr:CreateRepository failed with KmsException: Rate exceeded, access denied, not found',
  )
  assert.equal(failure.operation, 'ecr:CreateRepository')
  assert.equal(failure.cause, cause)
})

test('a failure carries the wait that AWS asked for', () => {
  assert.equal(failureFrom(awsError('Throttling', 400, { 'retry-after': '7' }), 'x').retryAfterSeconds, 7)
  assert.equal(failureFrom(awsError('Throttling'), 'x').retryAfterSeconds, undefined)
})

test('a failure stays what it is', () => {
  const failure = new Failure('busy', 'ecs:X')

  assert.equal(failureFrom(failure, 'ecs:Y'), failure)
})

test('a bug of ours is unexpected and keeps its name as the code', () => {
  assert.equal(failureFrom(new TypeError('x is not a function'), 'ecs:Y').code, 'unexpected')
  assert.equal(awsCodeOf(new TypeError('x')), 'TypeError')
  assert.equal(awsCodeOf('thrown'), 'Error')
})

test('what is not found answers undefined, other failures pass', async () => {
  assert.equal(await unlessNotFound(() => Promise.reject(new Failure('not-found', 'x'))), undefined)
  assert.equal(await unlessNotFound(() => Promise.resolve(3)), 3)
  await assert.rejects(
    unlessNotFound(() => Promise.reject(new Failure('denied', 'x'))),
    { code: 'denied' },
  )
})

test('every code that means something can be looked up by its meaning', () => {
  const throttled = awsCodesMeaning('throttled')

  assert.ok(throttled.includes('ThrottlingException'))
  assert.deepEqual(
    throttled.filter((code) => failureFrom(awsError(code), 'x').code !== 'throttled'),
    [],
  )
  assert.deepEqual(awsCodesMeaning('paced'), [])
})
