import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { text } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { inTurn, json, reset, startFakeApiServer, status, type Answer } from '../../test/support/fake-api-server.ts'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createMetricsRecorder } from '../../test/support/recorders.ts'
import { until } from '../../test/support/until.ts'
import type { Credentials } from './credentials.ts'
import { createTransport, type KubeRequest, type Transport } from './transport.ts'

const forever = new AbortController().signal
const read: KubeRequest = { operation: 'GET pods', method: 'GET', path: '/api/v1/pods' }
const write: KubeRequest = { operation: 'PATCH pods', method: 'PATCH', path: '/api/v1/pods/a', body: { a: 1 } }
const ok = json({ fine: true })

/** A transport to a fake server; it does not wait between attempts, but says how long it would have. */
async function start(answer: Answer, credentials?: Credentials) {
  const server = await startFakeApiServer(answer)
  const hand = createHandClock()
  const waits: number[] = []
  const clock = { ...hand, sleep: (seconds: number) => Promise.resolve(void waits.push(seconds)) }
  const metrics = createMetricsRecorder()
  const options = {
    connection: { ...server.connection, ...(credentials && { credentials }) },
    clock,
    random: createFixedRandom(0),
    metrics,
    userAgent: 'longshore/1',
  }
  const transport = await createTransport(options)
  return {
    server,
    transport,
    waits,
    metrics,
    clock: hand,
    [Symbol.asyncDispose]: async () => {
      await transport.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

describe('a request', () => {
  test('says who it is from and sends its body as JSON', async () => {
    await using room = await start(ok)

    const answer = await room.transport.request({ ...write, contentType: 'application/merge-patch+json' }, forever)

    assert.deepEqual(answer, { fine: true })
    const [request] = room.server.requests
    assert.equal(request?.body, '{"a":1}')
    assert.equal(request.headers['user-agent'], 'longshore/1')
    assert.equal(request.headers['authorization'], 'Bearer fake')
    assert.equal(request.headers['content-type'], 'application/merge-patch+json')
  })

  test('uses connections again', async () => {
    await using room = await start(ok)

    for (let i = 0; i < 20; i += 1) await room.transport.request(read, forever)

    // An answer can be there a moment before its connection is free again.
    assert.ok(room.server.connections() <= 2)
  })

  test('counts under the names of client-go', async () => {
    await using room = await start(inTurn(ok, status(409, 'Conflict')))

    await room.transport.request(write, forever)
    await assert.rejects(room.transport.request(write, forever))

    const { host } = room.server.connection.server
    assert.equal(room.metrics.value('rest_client_requests_total', { code: '200', method: 'PATCH', host }), 1)
    assert.equal(room.metrics.value('rest_client_requests_total', { code: '409', method: 'PATCH', host }), 1)
    assert.equal(room.metrics.value('rest_client_request_size_bytes', { verb: 'PATCH', host }), 2 * '{"a":1}'.length)
    assert.ok(room.metrics.value('rest_client_response_size_bytes', { verb: 'PATCH', host }) > '{"fine":true}'.length)
  })

  test('counts what it repeats by status, and how long it was held back', async () => {
    const throttled = status(429, 'TooManyRequests', { 'retry-after': '2' })
    await using room = await start(inTurn(throttled, status(503, 'ServiceUnavailable'), reset, ok))

    await room.transport.request(read, forever)

    const retries = (code: string) => room.metrics.value('rest_client_request_retries_total', { code, verb: 'GET' })
    assert.deepEqual(['429', '503', '<error>'].map(retries), [1, 1, 1])
    assert.equal(room.metrics.value('rest_client_rate_limiter_duration_seconds', { verb: 'GET' }), 2)
  })

  test('fails when nobody answers in time', async () => {
    await using room = await start(() => {})
    const answer = room.transport.request({ ...write, deadlineSeconds: 7 }, forever)
    const refused = assert.rejects(answer, { name: 'Failure', code: 'timeout', operation: 'PATCH pods' })
    await until(() => room.server.requests.length === 1)

    await room.clock.advance(7)

    await refused
    assert.equal(room.clock.pending(), 0)
  })

  test('fails when the body of the answer does not end in time', async () => {
    await using room = await start((response) => response.writeHead(200).write('{'))
    const answer = room.transport.request({ ...write, deadlineSeconds: 7 }, forever)
    const refused = assert.rejects(answer, { code: 'timeout' })
    await until(() => room.metrics.value('rest_client_requests_total', { code: '200' }) === 1)

    await room.clock.advance(7)

    await refused
  })

  test('ends when its signal fires', async () => {
    await using room = await start(() => {})
    const controller = new AbortController()
    const answer = room.transport.request(read, controller.signal)
    await until(() => room.server.requests.length === 1)

    controller.abort()

    await assert.rejects(answer, { name: 'Failure', code: 'aborted' })
    assert.equal(room.clock.pending(), 0)
  })

  test('is unavailable when the answer is not JSON', async () => {
    await using room = await start((response) => response.end('<html>'))

    await assert.rejects(room.transport.request(write, forever), { code: 'unavailable' })
  })
})

describe('a failed request is repeated', () => {
  for (const { fact, request, answers, waits } of [
    { fact: 'after 429, even a write', request: write, answers: [status(429, 'TooManyRequests')], waits: [0.1] },
    {
      fact: 'after the time that the server asked for',
      request: write,
      answers: [status(429, 'TooManyRequests', { 'retry-after': '2' })],
      waits: [2],
    },
    { fact: 'after 503, a read', request: read, answers: [status(503, 'ServiceUnavailable')], waits: [0.1] },
    { fact: 'after a reset, a read', request: read, answers: [reset, reset, reset], waits: [0.1, 0.2, 0.4] },
  ]) {
    test(fact, async () => {
      await using room = await start(inTurn(...prepended(answers, ok)))

      assert.deepEqual(await room.transport.request(request, forever), { fine: true })

      assert.deepEqual(room.waits, waits)
      assert.equal(room.metrics.value('rest_client_request_retries_total'), waits.length)
    })
  }
})

describe('a failed request is not repeated', () => {
  for (const { fact, request, answer, code, sent } of [
    {
      fact: 'after 503, a write',
      request: write,
      answer: status(503, 'ServiceUnavailable'),
      code: 'unavailable',
      sent: 1,
    },
    { fact: 'after a reset, a write', request: write, answer: reset, code: 'unavailable', sent: 1 },
    { fact: 'after a conflict', request: write, answer: status(409, 'Conflict'), code: 'conflict', sent: 1 },
    { fact: 'after 404', request: read, answer: status(404, 'NotFound'), code: 'not-found', sent: 1 },
    { fact: 'more than three times', request: read, answer: status(503, 'X'), code: 'unavailable', sent: 4 },
    {
      fact: 'when the server wants it to wait long',
      request: read,
      answer: status(429, 'TooManyRequests', { 'retry-after': '60' }),
      code: 'throttled',
      sent: 1,
    },
  ]) {
    test(fact, async () => {
      await using room = await start(answer)

      await assert.rejects(room.transport.request(request, forever), { name: 'Failure', code })

      assert.equal(room.server.requests.length, sent)
    })
  }

  test('when it is about the lease', async () => {
    await using room = await start(status(503, 'ServiceUnavailable'))

    await assert.rejects(room.transport.requestForLease(read, forever), { code: 'unavailable' })

    assert.equal(room.server.requests.length, 1)
  })
})

describe('a refused identity', () => {
  /** Credentials that get better each time they are refused. */
  function renewable() {
    let version = 1
    const refusals: string[] = []
    const credentials: Credentials = {
      headers: () => Promise.resolve({ authorization: `Bearer ${version}` }),
      refused: (used) => {
        refusals.push(used['authorization'] ?? '')
        version += 1
      },
    }
    return { credentials, refusals }
  }
  const refuse = status(401, 'Unauthorized')
  const asks: readonly { readonly fact: string; readonly ask: (transport: Transport) => Promise<unknown> }[] = [
    { fact: 'a write', ask: (transport) => transport.request(write, forever) },
    { fact: 'a lease', ask: (transport) => transport.requestForLease(write, forever) },
    {
      fact: 'a stream',
      ask: async (transport) => JSON.parse(await text(Readable.from(await transport.stream(read, forever)))),
    },
  ]

  for (const { fact, ask } of asks) {
    test(`is renewed, and ${fact} asked for once more`, async () => {
      const { credentials, refusals } = renewable()
      await using room = await start(inTurn(refuse, ok), credentials)

      assert.deepEqual(await ask(room.transport), { fine: true })

      assert.deepEqual(refusals, ['Bearer 1'])
      const sent = room.server.requests.map(({ headers }) => headers.authorization)
      assert.deepEqual(sent, ['Bearer 1', 'Bearer 2'])
      assert.equal(room.metrics.value('rest_client_request_retries_total', { code: '401' }), 1)
    })

    test(`is not renewed twice for ${fact}`, async () => {
      const { credentials } = renewable()
      await using room = await start(refuse, credentials)

      await assert.rejects(ask(room.transport), { name: 'Failure', code: 'credentials' })

      assert.equal(room.server.requests.length, 2)
    })
  }
})

describe('the connections of the lease', () => {
  test('are free when all others are taken', async () => {
    await using room = await start((response, request) => {
      if (request.path === '/lease') ok(response, request)
    })
    const controller = new AbortController()
    const stuck = Array.from({ length: 40 }, () => room.transport.request(write, controller.signal))
    await until(() => room.server.requests.length === 32)

    const answer = await room.transport.requestForLease({ ...read, path: '/lease' }, forever)

    assert.deepEqual(answer, { fine: true })
    controller.abort()
    await Promise.allSettled(stuck)
  })
})

describe('a stream', () => {
  test('goes on after the deadline of its head', async () => {
    let end = (): void => {}
    await using room = await start((response) => {
      response.writeHead(200).write('a')
      end = () => response.end('b')
    })
    const pieces = await room.transport.stream(read, forever)

    await room.clock.advance(1_000)
    end()

    assert.equal(await text(Readable.from(pieces)), 'ab')
  })

  test('fails when it is cut', async () => {
    await using room = await start((response) => {
      response.writeHead(200).write('a')
      setImmediate(() => response.socket?.resetAndDestroy())
    })

    const pieces = await room.transport.stream(read, forever)

    await assert.rejects(text(Readable.from(pieces)), { name: 'Failure', code: 'unavailable' })
  })

  test('ends when its signal fires, however silent it is', async () => {
    await using room = await start((response) => response.writeHead(200).write('a'))
    const controller = new AbortController()
    const pieces = await room.transport.stream(read, controller.signal)
    const reading = text(Readable.from(pieces))

    controller.abort()

    await assert.rejects(reading, { name: 'Failure', code: 'aborted' })
  })

  test('that is refused says why', async () => {
    await using room = await start(status(410, 'Expired'))

    await assert.rejects(room.transport.stream(read, forever), { code: 'expired' })
  })

  test('gives up when no head comes', async () => {
    await using room = await start(() => {})
    const refused = assert.rejects(room.transport.stream(read, forever), { code: 'timeout' })
    await until(() => room.server.requests.length === 1)

    await room.clock.advance(30)

    await refused
  })
})

test('a refused connection is unavailable, and the message says where', async () => {
  const room = await start(ok)
  await room.server[Symbol.asyncDispose]()

  await assert.rejects(room.transport.request(write, forever), { code: 'unavailable', message: /ECONNREFUSED/ })
  await room.transport.close()
})

function prepended(answers: readonly Answer[], last: Answer): readonly [Answer, ...Answer[]] {
  const [first = last, ...rest] = answers
  return [first, ...rest, last]
}
