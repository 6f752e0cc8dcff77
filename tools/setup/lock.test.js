import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath, stderr } from 'node:process'
import { after, mock, test } from 'node:test'
import { withLock } from './lock.js'

const folders = []

// Set-up tells there what it does; between the lines of a test run it would look like trouble.
mock.method(stderr, 'write', () => true)

after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

test('two at the same work take turns', async () => {
  const path = newPath()
  const log = []
  const { promise: firstMayEnd, resolve: endFirst } = Promise.withResolvers()

  const first = withLock(path, async () => {
    log.push('first begins')
    await firstMayEnd
    log.push('first ends')
  })
  const second = withLock(path, async () => log.push('second begins'))
  endFirst()
  await Promise.all([first, second])

  assert.deepEqual(log, ['first begins', 'first ends', 'second begins'])
})

test('the answer of the work is passed on and the lock is gone afterwards', async () => {
  const path = newPath()

  assert.equal(await withLock(path, async () => 42), 42)
  assert.equal(existsSync(path), false)
})

test('the lock is gone after work that failed', async () => {
  const path = newPath()

  await assert.rejects(() => withLock(path, async () => Promise.reject(new Error('no disk'))), /no disk/)
  assert.equal(existsSync(path), false)
})

test('the lock of a process that died counts for nothing', async () => {
  const path = newPath()
  const { pid } = spawnSync(execPath, ['--version'])
  writeFileSync(path, String(pid))

  assert.equal(await withLock(path, async () => 'done'), 'done')
})

function newPath() {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-lock-'))
  folders.push(folder)
  return join(folder, 'lock')
}
