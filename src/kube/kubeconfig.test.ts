import assert from 'node:assert/strict'
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { after, describe, test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { connectInCluster } from './connect.ts'
import { connectFromKubeconfig } from './kubeconfig.ts'

const directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'))
after(() => rm(directory, { recursive: true }))

let files = 0
async function file(content: string): Promise<string> {
  files += 1
  const path = join(directory, `file-${files}`)
  await writeFile(path, content)
  return path
}

interface Entries {
  readonly cluster?: object
  readonly user?: object
  readonly context?: object
  readonly currentContext?: string
}

/** A kubeconfig with one of everything; JSON is YAML. */
function kubeconfig({ cluster = {}, user = {}, context = {}, currentContext = 'here' }: Entries): Promise<string> {
  const config = {
    clusters: [{ name: 'c', cluster: { server: 'https://api.example:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', ...context } }],
    'current-context': currentContext,
  }
  return file(JSON.stringify(config))
}

const connect = async (entries: Entries, context?: string) =>
  connectFromKubeconfig({ paths: [await kubeconfig(entries)], context, environment: env }, createHandClock())
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('a kubeconfig', () => {
  test('says where the server is and which namespace is meant', async () => {
    const connection = await connect({ context: { namespace: 'demo' } })

    assert.equal(connection.server.href, 'https://api.example:6443/')
    assert.equal(connection.namespace, 'demo')
    assert.deepEqual(await connection.readTls(), {})
    assert.deepEqual(await connection.credentials.headers(), {})
  })

  for (const { fact, user, headers } of [
    { fact: 'a token', user: { token: 'secret' }, headers: { authorization: 'Bearer secret' } },
    {
      fact: 'a name and a password',
      user: { username: 'a', password: 'b' },
      headers: { authorization: `Basic ${base64('a:b')}` },
    },
    {
      fact: 'somebody to impersonate',
      user: { token: 'secret', as: 'jane' },
      headers: { authorization: 'Bearer secret', 'impersonate-user': 'jane' },
    },
    {
      fact: 'a credential plugin',
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'echo',
          args: [JSON.stringify({ status: { token: 'from-plugin' } })],
        },
      },
      headers: { authorization: 'Bearer from-plugin' },
    },
  ]) {
    test(`authenticates with ${fact}`, async () => {
      const { credentials } = await connect({ user })

      assert.deepEqual(await credentials.headers(), headers)
    })
  }

  test('carries certificates, or the paths to them, relative to itself', async () => {
    const path = await file('from a file')
    const inline = await connect({
      cluster: { 'certificate-authority-data': base64('ca'), 'tls-server-name': 'api' },
      user: { 'client-certificate-data': base64('cert'), 'client-key-data': base64('key') },
    })
    const files = await connect({
      cluster: { 'certificate-authority': path.slice(directory.length + 1), 'insecure-skip-tls-verify': true },
      user: { 'client-certificate': path, 'client-key': path },
    })

    assert.deepEqual(await inline.readTls(), { ca: 'ca', cert: 'cert', key: 'key', servername: 'api' })
    const pem = 'from a file'
    assert.deepEqual(await files.readTls(), { ca: pem, cert: pem, key: pem, rejectUnauthorized: false })
  })

  test('reads a token file again, once a minute and when the server refused', async () => {
    const tokenFile = await file('first\n')
    const clock = createHandClock()
    const paths = [await kubeconfig({ user: { tokenFile } })]
    const { credentials } = await connectFromKubeconfig({ paths }, clock)
    const token = async () => (await credentials.headers())['authorization']
    assert.equal(await token(), 'Bearer first')

    await writeFile(tokenFile, 'second')
    await clock.advance(59)
    assert.equal(await token(), 'Bearer first')
    await clock.advance(1)
    assert.equal(await token(), 'Bearer second')

    await writeFile(tokenFile, 'third')
    credentials.refused({ authorization: 'Bearer first' })
    assert.equal(await token(), 'Bearer second', 'what is refused was replaced long ago')
    credentials.refused({ authorization: 'Bearer second' })
    assert.equal(await token(), 'Bearer third')

    await rm(tokenFile)
    await clock.advance(60)
    assert.equal(await token(), 'Bearer third')
  })

  test('is read again itself, for renewed tokens and certificates', async () => {
    const clock = createHandClock()
    const path = await kubeconfig({ user: { token: 'first', 'client-certificate-data': base64('old') } })
    const connection = await connectFromKubeconfig({ paths: [path] }, clock)
    assert.deepEqual(await connection.credentials.headers(), { authorization: 'Bearer first' })

    const renewed = await kubeconfig({ user: { token: 'second', 'client-certificate-data': base64('new') } })
    await rename(renewed, path)
    await clock.advance(60)

    assert.deepEqual(await connection.credentials.headers(), { authorization: 'Bearer second' })
    assert.deepEqual(await connection.readTls(), { cert: 'new' })
  })

  test('looks for a plugin beside itself, unless it is a bare name', async () => {
    const script = await file(`#!/bin/sh\nprintf '%s' '${JSON.stringify({ status: { token: 'beside' } })}'`)
    await chmod(script, 0o755)

    const { credentials } = await connect({ user: { exec: { command: `./${script.slice(directory.length + 1)}` } } })

    assert.deepEqual(await credentials.headers(), { authorization: 'Bearer beside' })
  })

  test('takes the context that is asked for, and the first file that has a name', async () => {
    const first = await kubeconfig({ currentContext: '' })
    const second = JSON.stringify({
      clusters: [
        { name: 'c', cluster: { server: 'https://hidden' } },
        { name: 'd', cluster: { server: 'https://other' } },
      ],
      contexts: [{ name: 'there', context: { cluster: 'd', user: 'u' } }],
      'current-context': 'there',
    })
    const paths = [first, await file(second)]
    const serverOf = async (context?: string) =>
      (await connectFromKubeconfig({ paths, context }, createHandClock())).server.host

    assert.equal(await serverOf(), 'other')
    assert.equal(await serverOf('here'), 'api.example:6443')
  })

  for (const { fact, entries, context, message } of [
    { fact: 'a context that it lacks', entries: {}, context: 'nowhere', message: /no context nowhere/ },
    { fact: 'no context', entries: { currentContext: '' }, message: /names no context/ },
    { fact: 'a cluster that it lacks', entries: { context: { cluster: 'x' } }, message: /no cluster x/ },
    { fact: 'a user that it lacks', entries: { context: { user: 'x' } }, message: /no user x/ },
    {
      fact: 'a proxy',
      entries: { cluster: { 'proxy-url': 'http://p' } },
      message: /proxy-url, which is not supported/,
    },
    {
      fact: 'a plugin without a command',
      entries: { user: { exec: { args: [] } } },
      message: /exec without a command/,
    },
    { fact: 'an auth provider', entries: { user: { 'auth-provider': { name: 'gcp' } } }, message: /use exec/ },
  ]) {
    test(`cannot be used with ${fact}`, async () => {
      await assert.rejects(connect(entries, context), { name: 'Failure', code: 'credentials', message })
    })
  }

  test('that is not there, or no YAML, fails with its path', async () => {
    const broken = await file('{"a": [')

    for (const path of [join(directory, 'none'), broken]) {
      await assert.rejects(connectFromKubeconfig({ paths: [path] }, createHandClock()), {
        code: 'credentials',
        message: new RegExp(path),
      })
    }
  })

  test('fails when the plugin does', async () => {
    const { credentials } = await connect({ user: { exec: { command: 'false' } } })

    await assert.rejects(credentials.headers(), { code: 'credentials', operation: 'run credential plugin' })
  })
})

describe('a pod', () => {
  test('connects with the service account that is mounted into it', async () => {
    for (const [name, content] of [
      ['token', 'secret'],
      ['namespace', 'demo\n'],
      ['ca.crt', 'ca'],
    ] as const) {
      await writeFile(join(directory, name), content)
    }

    const connection = await connectInCluster({ host: 'fd00::1', port: '443', directory }, createHandClock())

    assert.equal(connection.server.origin, 'https://[fd00::1]')
    assert.equal(connection.namespace, 'demo')
    assert.deepEqual(await connection.readTls(), { ca: 'ca' })
    assert.deepEqual(await connection.credentials.headers(), { authorization: 'Bearer secret' })
  })
})
