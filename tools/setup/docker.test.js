import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, stderr } from 'node:process'
import { after, afterEach, beforeEach, mock, test } from 'node:test'
import { ensureDocker } from './docker.js'

const realPath = env.PATH
const folders = []
let bin

after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'longshore-setup-docker-'))
  folders.push(bin)
  env.PATH = bin
  // Set-up tells there what it does; between the lines of a test run it would look like trouble.
  mock.method(stderr, 'write', () => true)
})
afterEach(() => {
  env.PATH = realPath
  mock.restoreAll()
})

/** A program that notes what it was asked for, and has a version. */
function program(name, exitCode = 0) {
  const script = `#!/bin/sh
echo "$0 $@" >>${bin}/log
case "$1" in *version) echo 1 ;; esac
exit ${exitCode}
`
  writeFileSync(join(bin, name), script, { mode: 0o755 })
}

function asUser(id) {
  mock.method(process, 'getuid', () => id)
}

function log() {
  return readFileSync(join(bin, 'log'), 'utf8').replaceAll(`${bin}/`, '')
}

test('a daemon that answers is all that is needed', async () => {
  asUser(1000)
  program('docker')

  await ensureDocker()
})

test('a daemon that can be started is left to be started', async () => {
  asUser(0)
  program('docker', 1)
  program('dockerd')

  await ensureDocker()
})

test('root on Debian gets one installed', async () => {
  asUser(0)
  program('docker', 1)
  program('apt-get')

  await ensureDocker()

  assert.match(log(), /apt-get update[^]*apt-get install .*docker\.io iptables/)
})

for (const { fact, user } of [
  { fact: 'anybody else hears what to do', user: 1000 },
  { fact: 'root elsewhere hears what to do', user: 0 },
]) {
  test(fact, async () => {
    asUser(user)
    if (user !== 0) program('apt-get')

    await assert.rejects(
      ensureDocker,
      /No Docker daemon answers here.*install Docker .* and start it, or set DOCKER_HOST/,
    )
  })
}
