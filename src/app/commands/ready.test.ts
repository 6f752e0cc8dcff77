import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, test, type TestContext } from 'node:test'
import { silentTerminal } from '../../../test/support/silent-terminal.ts'
import { run } from './ready.ts'

async function runWith(...args: readonly string[]) {
  const said = { printed: '', complaint: '' }
  const terminal = {
    ...silentTerminal,
    print: (text: string) => void (said.printed += text),
    complain: (sentence: string) => void (said.complaint += sentence),
  }
  return { exitCode: await run(args, terminal, new AbortController().signal), ...said }
}

/** An operator that says this about itself; its URL. */
async function serve(context: TestContext, status: number, body: string): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/readyz' ? status : 404).end(body)
  })
  context.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

describe('an operator that is asked whether it is ready', () => {
  for (const { fact, status, exitCode } of [
    { fact: 'and is', status: 200, exitCode: 0 },
    { fact: 'and is not', status: 503, exitCode: 1 },
  ]) {
    test(fact, async (context) => {
      const url = await serve(context, status, '[+]caches ok\n')

      assert.deepEqual(await runWith(url), { exitCode, printed: '[+]caches ok\n', complaint: '' })
    })
  }

  test('and does not answer', async () => {
    const { exitCode, complaint } = await runWith('http://127.0.0.1:1')

    assert.equal(exitCode, 1)
    assert.match(complaint, /^http:\/\/127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/)
  })
})

for (const args of [[], ['not a URL'], ['http://a', 'http://b']]) {
  test(`ready does not take ${JSON.stringify(args)}`, async () => {
    const complaint = 'ready takes one URL, such as http://localhost:8080'

    assert.deepEqual(await runWith(...args), { exitCode: 1, printed: '', complaint })
  })
}
