import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect } from 'node:net'
import { setDefaultCACertificates } from 'node:tls'
import { pipeline, type Duplex } from 'node:stream'
import { describe, test, type TestContext } from 'node:test'
import { HttpRequest } from '@smithy/core/protocols'
import { startTlsServer } from '../../test/support/tls-server.ts'
import { createHttpHandler, type ProxySettings } from './http.ts'

async function serve(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return { server, port: typeof address === 'object' ? (address?.port ?? 0) : 0, handler: createHttpHandler() }
}

function requestTo(port: number, options: Partial<HttpRequest> = {}): HttpRequest {
  return new HttpRequest({ protocol: 'http:', hostname: '127.0.0.1', port, method: 'POST', path: '/', ...options })
}

function end(server: Server): Promise<unknown> {
  server.closeAllConnections()
  return new Promise((resolve) => void server.close(resolve))
}

test('a request goes out with its headers, query and body, and the answer comes whole', async () => {
  const { server, port, handler } = await serve((request, response) => {
    response.setHeader('x-amzn-requestid', 'r1').setHeader('via', ['a', 'b']).writeHead(418)
    // In several pieces, so that somebody has to put them together.
    response.write(`${request.url} ${String(request.headers['x-amz-target'])} `)
    request.pipe(response)
  })

  const query = { Action: 'Get caller', Version: ['1', '2'] }
  const headers = { 'x-amz-target': 'T' }
  const { response } = await handler.handle(requestTo(port, { path: '/p', query, headers, body: 'a body' }))

  assert.equal(response.statusCode, 418)
  assert.equal(response.headers['x-amzn-requestid'], 'r1')
  assert.equal(response.headers['via'], 'a, b')
  assert.equal(Buffer.from(response.body).toString(), '/p?Action=Get+caller&Version=1&Version=2 T a body')
  await end(server)
})

test('connections are kept for the next request', async () => {
  const ports = new Set<number | undefined>()
  const { server, port, handler } = await serve((request, response) => {
    ports.add(request.socket.remotePort)
    response.end('{}')
  })

  for (let time = 0; time < 20; time++) await handler.handle(requestTo(port))

  await end(server)
  // One rests for a turn of the event loop before it is used again.
  assert.ok(ports.size <= 2, `${ports.size} connections`)
})

test('who gives up gets an error at once, and the server hears no more of it', async () => {
  const arrived = Promise.withResolvers<void>()
  const hungUp = Promise.withResolvers<void>()
  const { server, port, handler } = await serve((request) => {
    request.socket.once('close', () => hungUp.resolve())
    arrived.resolve()
  })
  const caller = new AbortController()

  const call = handler.handle(requestTo(port), { abortSignal: caller.signal })
  await arrived.promise
  caller.abort()

  await assert.rejects(call, { name: 'AbortError' })
  await hungUp.promise
  await end(server)
})

test('what was given up before it began is not sent', async () => {
  let requests = 0
  const { server, port, handler } = await serve((_, response) => {
    requests += 1
    response.end()
  })

  await assert.rejects(handler.handle(requestTo(port), { abortSignal: AbortSignal.abort() }), { name: 'AbortError' })
  await handler.handle(requestTo(port))

  assert.equal(requests, 1)
  await end(server)
})

for (const { fact, answer, code } of [
  {
    fact: 'a connection that ends without an answer',
    answer: (request) => request.socket.destroy(),
    code: /UND_ERR_SOCKET|ECONNRESET/,
  },
  {
    fact: 'a connection that ends in the middle of an answer',
    answer: (_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.socket?.destroy())
    },
    code: /UND_ERR_SOCKET|ECONNRESET/,
  },
] satisfies readonly { fact: string; answer: RequestListener; code: RegExp }[]) {
  test(`${fact} is an error with its code`, async () => {
    const { server, port, handler } = await serve(answer)

    await assert.rejects(handler.handle(requestTo(port)), ({ code: found }: NodeJS.ErrnoException) => {
      assert.match(found ?? '', code)
      return true
    })
    await end(server)
  })
}

test('a server that is not there is an error with its code', async () => {
  const { server, port, handler } = await serve(() => undefined)
  await end(server)

  await assert.rejects(handler.handle(requestTo(port)), { code: 'ECONNREFUSED' })
})

describe('HTTPS', () => {
  /** A proxy, which writes down whom it was asked for, and somebody behind it. */
  async function startProxy(t: TestContext) {
    const behind = await startTlsServer((_, response) => void response.end('from behind'), { takesAnybody: true })
    t.after(() => behind[Symbol.asyncDispose]())
    const { ca } = await behind.clientFor('nobody')
    setDefaultCACertificates([String(ca)])

    const asked: string[] = []
    const { server: proxy, port } = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end('from the proxy')
    })
    const tunnels = new Set<Duplex>()
    proxy.on('connect', ({ url, headers }, client) => {
      asked.push(`CONNECT ${url} as ${headers['proxy-authorization']}`)
      const server = connect(Number(behind.url.port), '127.0.0.1')
      tunnels.add(client).add(server)
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      pipeline(client, server, client, () => undefined)
    })
    t.after(async () => {
      for (const tunnel of tunnels) tunnel.destroy()
      await end(proxy)
    })
    return { asked, https: `http://me:secret@127.0.0.1:${port}`, port: Number(behind.url.port) }
  }

  async function ask(t: TestContext, request: HttpRequest, settings: ProxySettings): Promise<string> {
    const handler = createHttpHandler(settings)
    t.after(() => handler.destroy?.())
    const { response } = await handler.handle(request)
    return Buffer.from(response.body).toString()
  }

  test('goes through the proxy, which is asked for a tunnel only', async (t) => {
    const { asked, https, port } = await startProxy(t)

    const answer = await ask(t, requestTo(port, { protocol: 'https:' }), { https, except: 'example.com' })

    const credentials = Buffer.from('me:secret').toString('base64')
    assert.deepEqual([answer, asked], ['from behind', [`CONNECT 127.0.0.1:${port} as Basic ${credentials}`]])
  })

  test('goes past it to the hosts that are excepted, and plain HTTP always', async (t) => {
    const { asked, https, port } = await startProxy(t)
    const { server, port: near } = await serve((_, response) => void response.end('from near'))
    t.after(() => end(server))

    const answers = [
      await ask(t, requestTo(port, { protocol: 'https:' }), { https, except: 'example.com,127.0.0.1' }),
      await ask(t, requestTo(near), { https, except: undefined }),
    ]

    assert.deepEqual([answers, asked], [['from behind', 'from near'], []])
  })

  for (const https of ['proxy.example.com:3128', 'socks5://proxy.example.com', 'a proxy']) {
    test(`has no proxy "${https}", which is said before anything is sent`, () => {
      assert.throws(() => createHttpHandler({ https, except: undefined }), {
        code: 'invalid',
        message: /^the environment variable HTTPS_PROXY wants the URL of a proxy, such as/,
      })
    })
  }
})
