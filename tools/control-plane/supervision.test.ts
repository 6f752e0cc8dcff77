import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type ExitReport, superviseIn } from './supervision.ts'

const SUPERVISION = new URL('supervision.ts', import.meta.url).href

/** A process that notes its id in its log and then outlives every test that does not end it. */
const SLEEPER = { name: 'sleeper', command: 'sh', args: ['-c', 'echo $$; exec sleep 600'] }

for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM'] as const) {
  test(`what is supervised ends, and its folder goes, when its owner ends by ${signal}`, async () => {
    const folder = await createFolder()
    const owner = startOwner(folder)
    const sleeper = await sleeperIn(folder)

    owner.kill(signal)

    await eventually(() => !isAlive(sleeper) && !existsSync(folder))
  })
}

test('what is supervised ends when its owner ends by itself', async () => {
  const folder = await createFolder()
  const owner = startOwner(folder)
  const sleeper = await sleeperIn(folder)

  owner.stdin?.end()

  await eventually(() => !isAlive(sleeper) && !existsSync(folder))
})

test('stopping resolves when everything is gone', async () => {
  const folder = await createFolder()
  const supervision = superviseIn(folder, () => {})
  supervision.start(SLEEPER)
  const sleeper = await sleeperIn(folder)

  await supervision.stop()

  assert.equal(isAlive(sleeper), false)
  assert.equal(existsSync(folder), false)
})

test('what is supervised ends when the supervisor itself is killed', async () => {
  const folder = await createFolder()
  const supervision = superviseIn(folder, () => {})
  supervision.start({ name: 'sleeper', command: 'sh', args: ['-c', 'echo $$ $PPID; exec sleep 600'] })
  const [sleeper, supervisor] = await numbersIn(folder, 2)

  process.kill(supervisor ?? 0, 'SIGKILL')

  await eventually(() => !isAlive(sleeper ?? 0) && !existsSync(folder))
})

for (const { fact, command, args, code } of [
  { fact: 'an exit code is reported', command: 'sh', args: ['-c', 'exit 3'], code: 3 },
  { fact: 'a command that does not exist is reported', command: '/nowhere/to/be/found', args: [], code: -1 },
]) {
  test(fact, async () => {
    const { promise, resolve } = Promise.withResolvers<ExitReport>()
    const supervision = superviseIn(await createFolder(), resolve)

    supervision.start({ name: 'short', command, args })
    // The pipe does not keep this process alive; the test must.
    const keepAlive = setInterval(() => {}, 1000)
    const report = await promise.finally(() => clearInterval(keepAlive))

    assert.deepEqual(report, { name: 'short', code })
    await supervision.stop()
  })
}

function createFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'longshore-supervision-'))
}

/** Another process that supervises a sleeper until it is ended, or its standard input is. */
function startOwner(folder: string): ChildProcess {
  const program = `
    import { superviseIn } from ${JSON.stringify(SUPERVISION)}
    superviseIn(${JSON.stringify(folder)}, () => {}).start(${JSON.stringify(SLEEPER)})
    process.stdin.resume().on('end', () => process.exit(0))`
  return spawn(execPath, ['--input-type=module', '--eval', program], { stdio: ['pipe', 'ignore', 'ignore'] })
}

async function sleeperIn(folder: string): Promise<number> {
  const [id] = await numbersIn(folder, 1)
  return id ?? 0
}

async function numbersIn(folder: string, count: number): Promise<readonly number[]> {
  const read = async (): Promise<readonly number[]> => {
    const text = await readFile(join(folder, 'sleeper.log'), 'utf8').catch(() => '')
    return text.split(/\s+/).filter(Boolean).map(Number)
  }
  await eventually(async () => (await read()).length === count)
  return read()
}

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await holds()) return
    await setTimeout(50)
  }
  assert.fail('still not so after 10 s')
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch {
    return false
  }
}
