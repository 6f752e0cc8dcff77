import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startHealthServer } from './health.ts'

async function start(ready: Record<string, () => boolean>, scrape = () => Promise.resolve('up 1\n')) {
  const metrics = { contentType: 'text/plain; version=0.0.4', scrape }
  const server = await startHealthServer({ host: '127.0.0.1', port: 0, alive: {}, ready, metrics })
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`)
    return { status: response.status, body: await response.text(), type: response.headers.get('content-type') }
  }
  return { server, get, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('is alive when nothing speaks against it', async () => {
  await using room = await start({})

  assert.deepEqual(await room.get('/healthz'), { status: 200, body: 'ok\n', type: 'text/plain; charset=utf-8' })
})

test('is ready once every check holds, and names the one that does not', async () => {
  let isSynced = false
  await using room = await start({ aws: () => true, informers: () => isSynced })

  const before = await room.get('/readyz')
  isSynced = true
  const after = await room.get('/readyz?verbose')

  assert.deepEqual([before.status, before.body], [503, '[+]aws ok\n[-]informers failed\n'])
  assert.deepEqual([after.status, after.body], [200, '[+]aws ok\n[+]informers ok\n'])
})

test('serves metrics under their own type', async () => {
  await using room = await start({})

  assert.deepEqual(await room.get('/metrics'), { status: 200, body: 'up 1\n', type: 'text/plain; version=0.0.4' })
})

test('answers 500 for metrics that cannot be read, and lives on', async () => {
  await using room = await start({}, () => Promise.reject(new Error('bug')))

  assert.equal((await room.get('/metrics')).status, 500)
  assert.equal((await room.get('/healthz')).status, 200)
})

test('knows nothing else', async () => {
  await using room = await start({})

  assert.equal((await room.get('/debug')).status, 404)
})

test('does not start on a port that is taken', async () => {
  await using room = await start({})
  const { port } = room.server

  const metrics = { contentType: '', scrape: () => Promise.resolve('') }
  const second = startHealthServer({ host: '127.0.0.1', port, alive: {}, ready: {}, metrics })

  await assert.rejects(second, /EADDRINUSE/)
})
