import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { env } from 'node:process'
import { after, afterEach, test } from 'node:test'
import { findDocker } from './cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'longshore-docker-cli-'))
const realPath = env['PATH']

after(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  env['PATH'] = realPath
})

/** A command line of that version; it says its own name when it is asked for anything else. */
function dockerIn(name: string, version: string, plugin: 'with buildx' | 'without buildx'): string {
  const buildx = plugin === 'with buildx' ? 'echo github.com/docker/buildx v0.29.1' : 'exit 1'
  const script = `#!/bin/sh
case "$1" in
  --version) echo 'Docker version ${version}, build 0' ;;
  buildx) ${buildx} ;;
  fail) echo 'no such thing' >&2; exit 1 ;;
  *) echo ${name} ;;
esac
`
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'docker'), script, { mode: 0o755 })
  return join(folder, name)
}

function setPath(...folders: readonly string[]): void {
  env['PATH'] = folders.join(delimiter)
}

const bare = dockerIn('bare', '28.2.2', 'without buildx')
const whole = dockerIn('whole', '28.2.2', 'with buildx')
const old = dockerIn('old', '20.10.24+dfsg1', 'without buildx')

for (const { fact, folders, found } of [
  { fact: 'one with its plugin will do', folders: [whole], found: 'whole' },
  { fact: 'an old one has BuildKit inside', folders: [old], found: 'old' },
  { fact: 'one that cannot build is passed over', folders: ['/nowhere', bare, old, whole], found: 'old' },
]) {
  test(fact, async () => {
    setPath(...folders)

    const docker = await findDocker()

    assert.equal(await docker('info'), found)
  })
}

test('none that can build is an error that says what to install', async () => {
  setPath(bare)

  await assert.rejects(findDocker(), { message: /bare\/docker cannot build with BuildKit: install its plugin/ })
})

test('none at all is an error that says what to install', async () => {
  setPath('/nowhere')

  await assert.rejects(findDocker(), { message: /there is no docker on the PATH: install Docker/ })
})

test('a command that fails says why', async () => {
  setPath(whole)
  const docker = await findDocker()

  await assert.rejects(docker('fail', 'now'), { message: 'docker fail: no such thing' })
})
