import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, stderr } from 'node:process'
import { after, afterEach, beforeEach, mock, test } from 'node:test'
import { goBuild, requireGo } from './go-build.js'

const realPath = env.PATH
const realCache = env.XDG_CACHE_HOME
const folders = []
let bin

after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'longshore-setup-go-'))
  folders.push(bin)
  env.PATH = bin
  env.XDG_CACHE_HOME = join(bin, 'cache')
  mock.method(stderr, 'write', () => true)
})
afterEach(() => {
  env.PATH = realPath
  if (realCache === undefined) delete env.XDG_CACHE_HOME
  else env.XDG_CACHE_HOME = realCache
  mock.restoreAll()
})

/** A program that notes what it was asked for and fails at one thing. */
function program(name, { failsAt = 'nothing' } = {}) {
  const script = `#!/bin/sh
echo "${name} $@" >>${bin}/log
case "$*" in *${failsAt}*) exit 1 ;; esac
echo 1
`
  writeFileSync(join(bin, name), script, { mode: 0o755 })
}

const log = () => readFileSync(join(bin, 'log'), 'utf8')
const build = () => goBuild({ name: 'helm', folder: bin, output: `${bin}/out/`, takes: 'a while' })

test('a Go of this machine builds', async () => {
  program('go')

  requireGo('install Go')
  await build()

  assert.match(log(), /go build -C \S+ .* tool\n$/)
  assert.doesNotMatch(log(), /docker/)
})

test('without one, Docker brings it', async () => {
  program('docker')

  requireGo('install Go')
  await build()

  const asked = log().split('\n').at(-2)
  assert.match(asked, new RegExp(`^docker run --rm --user \\d+:\\d+ --volume ${bin}:${bin} `))
  assert.match(
    asked,
    new RegExp(`--volume ${bin}/out/:${bin}/out/ .* golang:1.26 go build -C ${bin} .* -o ${bin}/out/ tool$`),
  )
})

test('where it can neither be run nor pulled, a sentence says what to do', () => {
  program('docker', { failsAt: 'golang' })

  assert.throws(() => requireGo('install Go'), { message: 'install Go' })
})

test('where there is neither Go nor Docker, too', () => {
  assert.throws(() => requireGo('install Go'), { message: 'install Go' })
})
