import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'simulate-aws-'))
after(() => rmSync(folder, { recursive: true }))

function seedFile(name: string, content: string): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

test('prints one line with its URL, serves there, and ends on SIGTERM', { timeout: 30_000 }, async (context) => {
  const seed = seedFile('good.json', '{"images":{"app":{"type":"crash"}}}')
  const child = spawn(process.execPath, [MAIN, '--clock', 'manual', '--seed', seed], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  context.after(() => child.kill('SIGKILL'))
  const [line]: unknown[] = await once(child.stdout, 'data', { signal: context.signal })

  assert.match(String(line), /^http:\/\/127\.0\.0\.1:\d+\n$/)
  const scenario = await fetch(new URL('/_simulator/scenario', String(line).trim()))
  assert.deepEqual(await scenario.json(), { images: { app: { type: 'crash' } } })

  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('listens where it is told to', { timeout: 30_000 }, async (context) => {
  const child = spawn(process.execPath, [MAIN, '--bind-address', '0.0.0.0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  context.after(() => child.kill('SIGKILL'))
  const [line]: unknown[] = await once(child.stdout, 'data', { signal: context.signal })

  assert.match(String(line), /^http:\/\/0\.0\.0\.0:\d+\n$/)
  assert.equal((await fetch(new URL('/_simulator/clock', String(line).trim()))).status, 200)
})

for (const { fact, args, error } of [
  { fact: 'refuses an unknown flag', args: ['--prot', '1'], error: /^simulate-aws: Unknown option '--prot'\n$/ },
  {
    fact: 'refuses a port that is none',
    args: ['--port', 'http'],
    error: /^simulate-aws: --port must be a number from 0 to 65535, not http\n$/,
  },
  { fact: 'refuses a clock that is none', args: ['--clock', '-3'], error: /^simulate-aws: .*--clock.*\n$/ },
  {
    fact: 'refuses a speed of nothing',
    args: ['--clock', '0'],
    error: /^simulate-aws: --clock must be manual, real or a speed above 0, not 0\n$/,
  },
  {
    fact: 'refuses a seed that is not there',
    args: ['--seed', '/nowhere/seed.json'],
    error: /^simulate-aws: --seed \/nowhere\/seed.json: ENOENT.*\n$/,
  },
  {
    fact: 'refuses a seed with an unknown behaviour',
    args: ['--seed', seedFile('bad.json', '{"images":{"app":{"type":"dance"}}}')],
    error: /^simulate-aws: images.app.type must be one of .*\n$/,
  },
]) {
  test(`${fact} with one sentence`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })

    assert.equal(status, 1)
    assert.equal(stdout, '')
    assert.match(stderr, error)
  })
}

test('--help tells the flags, and that nothing was validated against AWS', () => {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, '--help'], { encoding: 'utf8' })

  assert.equal(status, 0)
  for (const word of ['--port', '--clock', '--seed', 'never validated']) assert.ok(stdout.includes(word))
})
