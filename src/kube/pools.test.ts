import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import type { ServerResponse } from 'node:http'
import { describe, test } from 'node:test'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock, settle } from '../../test/support/hand-clock.ts'
import { createMetricsRecorder } from '../../test/support/recorders.ts'
import { startTlsServer } from '../../test/support/tls-server.ts'
import { Failure } from '../core/failure.ts'
import type { TlsMaterial } from './connect.ts'
import { createFixedCredentials } from './credentials.ts'
import { createTransport, type KubeRequest } from './transport.ts'

const forever = new AbortController().signal
const ask: KubeRequest = { operation: 'GET me', method: 'GET', path: '/me' }
const watch: KubeRequest = { operation: 'WATCH me', method: 'GET', path: '/watch' }

/** A client whose certificate can be exchanged, and a server that answers with the name in it. */
async function start({ mistrusts = '' } = {}) {
  const watches: ServerResponse[] = []
  const server = await startTlsServer((user, response, path) => {
    response.writeHead(user === mistrusts ? 401 : 200)
    if (path !== '/watch') response.end(`"${user}"`)
    else if (response.write(`"${user}`)) watches.push(response)
  })
  let material: TlsMaterial | Failure = await server.clientFor('old')
  const clock = createHandClock()
  const transport = await createTransport({
    clock,
    connection: {
      server: server.url,
      namespace: undefined,
      credentials: createFixedCredentials({}),
      readTls: () => (material instanceof Failure ? Promise.reject(material) : Promise.resolve(material)),
    },
    random: createFixedRandom(0),
    metrics: createMetricsRecorder(),
    userAgent: 'longshore/1',
  })
  return {
    clock,
    transport,
    endWatches: () => watches.forEach((response) => response.end('"')),
    become: async (user: string) => (material = await server.clientFor(user)),
    becomeUnreadable: () => (material = new Failure('credentials', 'read certificate')),
    me: () => transport.request(ask, forever),
    [Symbol.asyncDispose]: async () => {
      await transport.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

describe('a renewed client certificate', () => {
  test('is used by all requests half a minute later', async () => {
    await using room = await start()
    assert.equal(await room.me(), 'old')
    await room.become('new')
    await room.clock.advance(29)
    assert.equal(await room.me(), 'old')

    await room.clock.advance(1)
    // The request that looks does not wait for what it finds.
    await room.me()
    await settle()

    assert.equal(await room.me(), 'new')
    assert.equal(await room.transport.requestForLease(ask, forever), 'new')
  })

  test('is used at once when the old one is refused', async () => {
    await using room = await start({ mistrusts: 'old' })
    await room.become('new')

    assert.equal(await room.me(), 'new')
  })

  test('does not end the watches of the old one', async () => {
    await using room = await start()
    const pieces = await room.transport.stream(watch, forever)
    await room.become('new')
    await room.clock.advance(30)
    await room.me()
    await settle()
    assert.equal(await room.me(), 'new')

    room.endWatches()

    assert.equal(await text(Readable.from(pieces)), '"old"')
  })

  test('that cannot be read leaves the old one in use', async () => {
    await using room = await start()
    room.becomeUnreadable()
    await room.clock.advance(30)
    await room.me()
    await settle()

    assert.equal(await room.me(), 'old')
  })

  test('leaves nothing open when the transport is closed', async () => {
    await using room = await start()
    const pieces = await room.transport.stream(watch, forever)
    await room.become('new')
    await room.clock.advance(30)
    await room.me()
    await settle()

    await room.transport.close()

    await assert.rejects(text(Readable.from(pieces)), { code: 'unavailable' })
  })
})
