import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'

const PASS_ON = new URL('pass-on.js', import.meta.url).href

test('the exit code of the child becomes that of the parent', async () => {
  const [code] = await once(startParentOf('process.exit(7)'), 'exit')

  assert.equal(code, 7)
})

test('a child ended by a signal is told as a shell tells it', async () => {
  const [code] = await once(startParentOf('process.kill(process.pid, "SIGKILL")'), 'exit')

  assert.equal(code, 128 + 9)
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  test(`${signal} reaches the child, which decides`, async () => {
    const child = `process.on('${signal}', () => process.exit(3)); setInterval(() => {}, 1000); console.log('ready')`
    const parent = startParentOf(child)
    await once(parent.stdout, 'data')

    parent.kill(signal)

    const [code] = await once(parent, 'exit')
    assert.equal(code, 3)
  })
}

test('the child is told to end when the npm that started the parent is killed', async () => {
  const child = `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log(process.pid)`
  const npm = startShellOf(parentProgram(child, execPath))
  const [pid] = await once(npm.stdout, 'data')

  npm.kill('SIGKILL')

  await untilGone(Number(pid))
})

test('a program that cannot be started is an error in words', async () => {
  const parent = startParentOf('', '/nowhere/to/be/found')
  const [said] = await once(parent.stderr, 'data')
  const [code] = await once(parent, 'exit')

  assert.match(String(said), /^error: spawn \/nowhere\/to\/be\/found ENOENT/)
  assert.equal(code, 1)
})

/** A process that passes on to another one that runs `program`. */
function startParentOf(program, command = execPath) {
  const parent = parentProgram(program, command)
  return spawn(execPath, ['--input-type=module', '--eval', parent], { stdio: ['ignore', 'pipe', 'pipe'] })
}

function parentProgram(program, command) {
  return `
    import { spawn } from 'node:child_process'
    import { passOn } from ${JSON.stringify(PASS_ON)}
    passOn(spawn(${JSON.stringify(command)}, ['--eval', ${JSON.stringify(program)}], { stdio: 'inherit' }))`
}

/** What npm is to its scripts: a process that starts them and waits. */
function startShellOf(parent) {
  const shell = `
    import { spawn } from 'node:child_process'
    const env = { ...process.env, npm_lifecycle_event: 'test' }
    spawn(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(parent)}], { stdio: 'inherit', env })`
  return spawn(execPath, ['--input-type=module', '--eval', shell], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function untilGone(pid) {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await setTimeout(50)
  }
  assert.fail(`process ${pid} is still there`)
}
