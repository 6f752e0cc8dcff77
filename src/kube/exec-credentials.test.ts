import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { after, describe, test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { until } from '../../test/support/until.ts'
import { createExecCredentials } from './exec-credentials.ts'

const directory = await mkdtemp(join(tmpdir(), 'exec-'))
after(() => rm(directory, { recursive: true }))

let plugins = 0

/** A plugin that notes each run, and credentials from it. `script` may use $n, the number of the run. */
async function start(script: string, more: { readonly installHint?: string; readonly command?: string } = {}) {
  plugins += 1
  const log = join(directory, `log-${plugins}`)
  await writeFile(log, '')
  const clock = createHandClock()
  const plugin = {
    command: 'sh',
    args: ['-c', `printf 'run\\n' >> ${log}; n=$(wc -l < ${log} | tr -d ' '); ${script}`],
    environment: env,
    apiVersion: 'client.authentication.k8s.io/v1',
    ...more,
  }
  const credentials = createExecCredentials(plugin, clock)
  const runs = async (): Promise<number> => (await readFile(log, 'utf8')).split('\n').length - 1
  const token = async () => (await credentials.headers())['authorization']
  return { clock, credentials, runs, token }
}

const answer = (status: string) => `printf '{"status":{%s}}' '${status}'`
/** A token with the number of the run, which ends at `second` of the test's time. */
const tokenUntil = (second: number) => {
  const ends = new Date(createHandClock().now() + second * 1000).toISOString()
  return `printf '{"status":{"token":"t%s","expirationTimestamp":"${ends}"}}' $n`
}
const forever = `printf '{"status":{"token":"t%s"}}' $n`

describe('a credential plugin', () => {
  test('is run once for all who ask at the same time, and not again while its answer is good', async () => {
    const { credentials, runs, token } = await start(forever)

    const tokens = await Promise.all([token(), token(), credentials.certificate()])
    await token()

    assert.deepEqual(tokens, ['Bearer t1', 'Bearer t1', {}])
    assert.equal(await runs(), 1)
  })

  test('is run again a minute before its token ends, and nobody waits for it', async () => {
    const { clock, runs, token } = await start(tokenUntil(900))
    await token()
    await clock.advance(839)
    assert.equal(await token(), 'Bearer t1')
    assert.equal(await runs(), 1)

    await clock.advance(1)
    assert.equal(await token(), 'Bearer t1')
    let seen = ''
    await until(() => {
      void token().then((next) => (seen = next ?? ''))
      return seen === 'Bearer t2'
    })
  })

  test('keeps a short-lived token for four fifths of its life', async () => {
    const { clock, runs, token } = await start(tokenUntil(50))
    await token()

    await clock.advance(39)
    await token()

    assert.equal(await runs(), 1)
  })

  test('that fails to renew costs nothing until the token has ended', async () => {
    const { clock, runs, token } = await start(`[ $n = 1 ] || exit 1; ${tokenUntil(900)}`)
    await token()

    await clock.advance(899)
    assert.equal(await token(), 'Bearer t1')
    let ran = 0
    await until(() => {
      void runs().then((count) => (ran = count))
      return ran === 2
    })
    await clock.advance(1)

    await assert.rejects(token(), { code: 'credentials' })
  })

  test('is run again when the server refused its answer, once for many refusals', async () => {
    const { credentials, runs, token } = await start(forever)
    const used = await credentials.headers()

    credentials.refused(used)
    assert.equal(await token(), 'Bearer t2')
    credentials.refused(used)
    assert.equal(await token(), 'Bearer t2')

    assert.equal(await runs(), 2)
  })

  test('may answer with a client certificate', async () => {
    const { credentials } = await start(answer('"clientCertificateData":"cert","clientKeyData":"key"'))

    assert.deepEqual(await credentials.certificate(), { cert: 'cert', key: 'key' })
    assert.deepEqual(await credentials.headers(), {})
  })

  test('is told that nobody can answer its questions', async () => {
    const { token } = await start(
      `printf '%s' "$KUBERNETES_EXEC_INFO" | grep -q '"interactive":false' && read line || ${forever}`,
    )

    assert.equal(await token(), 'Bearer t1')
  })

  for (const { fact, script, more, message } of [
    {
      fact: 'what it complains of',
      script: 'echo "no such profile" >&2; exit 1',
      message: /plugin sh: no such profile$/,
    },
    { fact: 'that it said nothing', script: 'exit 3', message: /failed and did not say why/ },
    {
      fact: 'how to install it',
      script: '',
      more: { command: '/nowhere/aws', installHint: 'get it from example.com' },
      message: /plugin \/nowhere\/aws: get it from example\.com/,
    },
    {
      fact: 'that it speaks no JSON, but not what it said',
      script: 'echo secret',
      message: /: did not answer in JSON$/,
    },
    { fact: 'that its answer is empty', script: answer(''), message: /neither a token nor a certificate/ },
  ]) {
    test(`that fails says ${fact}`, async () => {
      const { credentials } = await start(script, more)

      await assert.rejects(credentials.headers(), { code: 'credentials', operation: 'run credential plugin', message })
    })
  }

  test('that does not answer is ended after a minute', async () => {
    const { clock, runs, token } = await start('exec sleep 600')
    const refused = assert.rejects(token(), { code: 'credentials', message: /did not answer in 60 s/ })
    let ran = 0
    await until(() => {
      void runs().then((count) => (ran = count))
      return ran === 1
    })

    await clock.advance(60)

    await refused
  })
})
