import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { Failure } from '../core/failure.ts'
import { createBatch, type ReadMany, splitOnNotFound } from './batch.ts'

const live = new AbortController().signal
const WINDOW_SECONDS = 0.01

function bench(options: { readonly maxKeys?: number; readonly read?: ReadMany<string> } = {}) {
  const clock = createHandClock()
  const calls: { readonly keys: readonly string[]; readonly signal: AbortSignal }[] = []
  const echo: ReadMany<string> = (keys) => Promise.resolve(new Map(keys.map((key) => [key, key.toUpperCase()])))
  const load = createBatch<string>({
    timing: { clock, windowSeconds: WINDOW_SECONDS },
    maxKeys: options.maxKeys ?? 10,
    read: (keys, signal) => {
      calls.push({ keys, signal })
      return (options.read ?? echo)(keys, signal)
    },
  })
  return { clock, calls, load, pass: () => clock.advance(WINDOW_SECONDS) }
}

test('keys asked for within the window share a call', async () => {
  const { load, calls, pass } = bench()

  const values = Promise.all([load('a', live), load('b', live)])
  await pass()

  assert.deepEqual(await values, ['A', 'B'])
  assert.deepEqual(
    calls.map(({ keys }) => keys),
    [['a', 'b']],
  )
})

test('a key asked for twice is read once', async () => {
  const { load, calls, pass } = bench()

  const values = Promise.all([load('a', live), load('a', live)])
  await pass()

  assert.deepEqual(await values, ['A', 'A'])
  assert.deepEqual(
    calls.map(({ keys }) => keys),
    [['a']],
  )
})

test('a full batch goes at once and the next key opens another', async () => {
  const { load, calls, pass, clock } = bench({ maxKeys: 2 })

  const values = Promise.all(['a', 'b', 'c'].map((key) => load(key, live)))
  await clock.advance(0)
  assert.deepEqual(
    calls.map(({ keys }) => keys),
    [['a', 'b']],
  )
  await pass()

  assert.deepEqual(await values, ['A', 'B', 'C'])
  assert.deepEqual(
    calls.map(({ keys }) => keys),
    [['a', 'b'], ['c']],
  )
})

test('a key that the answer lacks does not exist', async () => {
  const { load, pass } = bench({ read: () => Promise.resolve(new Map()) })

  const value = load('a', live)
  await pass()

  assert.equal(await value, undefined)
})

test('a failed call fails the keys of its batch and no other', async () => {
  const { load, pass } = bench({
    maxKeys: 1,
    read: ([key]) =>
      key === 'bad' ? Promise.reject(new Failure('throttled', 'x')) : Promise.resolve(new Map([['good', 'G']])),
  })

  const bad = load('bad', live)
  const good = load('good', live)

  await assert.rejects(bad, { code: 'throttled' })
  await pass()
  assert.equal(await good, 'G')
})

test('a failure for one key leaves the others of the batch known', async () => {
  const answer = new Map<string, string | Failure>([
    ['a', 'A'],
    ['b', new Failure('unexpected', 'x')],
  ])
  const { load, pass } = bench({ read: () => Promise.resolve(answer) })

  const [a, b] = [load('a', live), load('b', live)]
  await Promise.all([pass(), assert.rejects(b, { code: 'unexpected' })])

  assert.equal(await a, 'A')
})

test('a caller that gives up leaves the others alone', async () => {
  const { load, calls, pass } = bench()
  const leaving = new AbortController()

  const left = load('a', leaving.signal)
  const stayed = load('b', live)
  leaving.abort()

  await assert.rejects(left, { code: 'aborted' })
  await pass()
  assert.equal(await stayed, 'B')
  assert.equal(calls[0]?.signal.aborted, false)
})

test('when the last caller gives up in the window, nothing is sent and no timer is left', async () => {
  const { load, calls, pass, clock } = bench()
  const leaving = new AbortController()

  const left = load('a', leaving.signal)
  leaving.abort()
  await assert.rejects(left, { code: 'aborted' })
  await pass()

  assert.equal(calls.length, 0)
  assert.equal(clock.pending(), 0)
})

test('when the last caller gives up in mid-call, the call is aborted and the next key is not held up by it', async () => {
  let hangs = true
  const { load, calls, pass } = bench({
    read: (keys) => (hangs ? new Promise(() => undefined) : Promise.resolve(new Map(keys.map((key) => [key, 'late'])))),
  })
  const leaving = new AbortController()
  const left = load('a', leaving.signal)
  await pass()

  leaving.abort()
  await assert.rejects(left, { code: 'aborted' })
  assert.equal(calls[0]?.signal.aborted, true)

  hangs = false
  const next = load('a', live)
  await pass()
  assert.equal(await next, 'late')
})

test('a caller that gave up before asks for nothing', async () => {
  const { load, clock } = bench()

  await assert.rejects(load('a', AbortSignal.abort()), { code: 'aborted' })

  assert.equal(clock.pending(), 0)
})

function registry(existing: readonly string[]) {
  const calls: (readonly string[])[] = []
  const read = splitOnNotFound<string>((keys) => {
    calls.push(keys)
    const missing = keys.some((key) => !existing.includes(key))
    if (missing) return Promise.reject(new Failure('not-found', 'x'))
    return Promise.resolve(new Map(keys.map((key) => [key, key])))
  })
  return { calls, read }
}

test('keys that exist are known although others of their call are missing', async () => {
  const { read, calls } = registry(['a', 'b', 'd', 'e', 'f', 'g', 'h'])

  const found = await read(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], live)

  assert.deepEqual([...found.keys()].toSorted(), ['a', 'b', 'd', 'e', 'f', 'g', 'h'])
  assert.equal(calls.length, 7, 'one missing key of eight is found in seven calls')
})

test('keys of which none exists are all missing', async () => {
  const { read, calls } = registry([])

  const keys = Array.from({ length: 16 }, (_, index) => `key ${index}`)
  assert.equal((await read(keys, live)).size, 0)
  assert.equal(calls.length, 21, 'the whole, its quarters, and each key')
})

test('another failure than not-found is not split', async () => {
  let calls = 0
  const read = splitOnNotFound<string>(() => {
    calls += 1
    return Promise.reject(new Failure('denied', 'x'))
  })

  await assert.rejects(read(['a', 'b'], live), { code: 'denied' })

  assert.equal(calls, 1)
})
