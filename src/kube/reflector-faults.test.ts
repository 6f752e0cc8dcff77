import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { json, reset, startFakeApiServer, status, type Answer } from '../../test/support/fake-api-server.ts'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock, settle } from '../../test/support/hand-clock.ts'
import { createLogRecorder, createMetricsRecorder } from '../../test/support/recorders.ts'
import { widget, WIDGETS } from '../../test/support/scripted-watch.ts'
import { until } from '../../test/support/until.ts'
import { createCluster } from './real-cluster.ts'
import { Reflector } from './reflector.ts'
import { createTransport } from './transport.ts'

// The same contract as reflector.test.ts, through real sockets: what a fault on the wire becomes.

const list = json({ kind: 'WidgetList', metadata: { resourceVersion: '10' }, items: [widget('a', 5)] })
const refused = status(422, 'Invalid')
const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`
const good: Answer = (response) => {
  response.writeHead(200).write(line('ADDED', widget('ü', 20)))
}

/** Watches are answered in turn; the last answer stays. Pauses pass by themselves. */
async function follow(...watchAnswers: readonly Answer[]) {
  const answers = [...watchAnswers]
  const server = await startFakeApiServer((response, request) => {
    if (request.query.has('sendInitialEvents')) refused(response, request)
    else if (!request.query.has('watch')) list(response, request)
    else (answers.length > 1 ? answers.shift() : answers[0])?.(response, request)
  })
  const clock = { ...createHandClock(), sleep: () => Promise.resolve() }
  const common = { clock, random: createFixedRandom(0), metrics: createMetricsRecorder() }
  const transport = await createTransport({ connection: server.connection, userAgent: 'longshore/1', ...common })
  const seen: string[] = []
  const stop = new AbortController()
  const reflector = new Reflector({
    ...common,
    cluster: createCluster(transport),
    type: WIDGETS,
    log: createLogRecorder().log,
    sink: {
      prepare: (object) => object,
      replace: async (objects) => void seen.push(`all ${objects.length}`),
      apply: (type, { metadata }) => seen.push(`${type} ${metadata.name}`),
      breathe: async () => {},
    },
  })
  const running = reflector.run(stop.signal)
  const watched = () => server.requests.filter(({ query }) => query.has('watch') && !query.has('sendInitialEvents'))
  return {
    server,
    seen,
    clock,
    watched,
    metrics: common.metrics,
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await running
      await transport.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

const UNREADABLE: ReadonlySet<string> = new Set(['a page of HTML', 'a malformed line', 'an event without a name'])

describe('a reflector on the wire survives', () => {
  for (const { fact, fault, relists } of [
    { fact: 'a reset', fault: reset, relists: false },
    { fact: 'a 500', fault: status(500, 'InternalError'), relists: false },
    { fact: 'a 429', fault: status(429, 'TooManyRequests'), relists: false },
    { fact: 'a 401', fault: status(401, 'Unauthorized'), relists: false },
    { fact: 'a 410', fault: status(410, 'Expired'), relists: true },
    { fact: 'a page of HTML', fault: ((response) => response.end('<html>')) as Answer, relists: false },
    {
      fact: 'a malformed line',
      fault: ((response) => response.writeHead(200).end('{"type":"ADDED","obj\n')) as Answer,
      relists: false,
    },
    {
      fact: 'a line cut in the middle',
      fault: ((response) => {
        response.writeHead(200).write('{"type":"ADDED","object":{"meta')
        setImmediate(() => response.socket?.resetAndDestroy())
      }) as Answer,
      relists: false,
    },
    {
      fact: 'an ERROR in the stream',
      fault: ((response) =>
        response.writeHead(200).end(line('ERROR', { code: 500, reason: 'InternalError' }))) as Answer,
      relists: false,
    },
    {
      fact: 'an expired version told in the stream',
      fault: ((response) => response.writeHead(200).end(line('ERROR', { code: 410, reason: 'Expired' }))) as Answer,
      relists: true,
    },
    {
      fact: 'an event without a name',
      fault: ((response) => response.writeHead(200).end(line('ADDED', {}))) as Answer,
      relists: false,
    },
  ]) {
    test(fact, async () => {
      await using room = await follow(fault, good)

      await until(() => room.seen.includes('ADDED ü'), fact)

      assert.equal(room.watched().length, 2)
      assert.deepEqual(room.seen, relists ? ['all 1', 'all 1', 'ADDED ü'] : ['all 1', 'ADDED ü'])
      assert.equal(room.metrics.value('longshore_watch_decode_errors_total'), UNREADABLE.has(fact) ? 1 : 0)
    })
  }

  test('a connection that is half open', async () => {
    await using room = await follow((response) => response.writeHead(200).flushHeaders(), good)
    await until(() => room.metrics.value('rest_client_requests_total', { code: '200' }) === 2)
    await settle()

    await room.clock.advance(100)

    await until(() => room.seen.includes('ADDED ü'))
    assert.equal(room.watched().length, 2)
  })
})

test('an event of several bytes per character arrives whole, however it is cut', async () => {
  const bytes = Buffer.from(line('ADDED', widget('ü', 20)))
  await using room = await follow((response) => {
    response.writeHead(200)
    const middle = bytes.indexOf(Buffer.from('ü')) + 1
    response.write(bytes.subarray(0, middle), () => setImmediate(() => response.write(bytes.subarray(middle))))
  })

  await until(() => room.seen.length === 2)

  assert.deepEqual(room.seen, ['all 1', 'ADDED ü'])
  const [watch] = room.watched()
  assert.equal(watch?.query.get('allowWatchBookmarks'), 'true')
  assert.equal(watch.query.get('resourceVersion'), '10')
})
