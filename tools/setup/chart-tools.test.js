import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, stderr } from 'node:process'
import { after, afterEach, beforeEach, mock, test } from 'node:test'
import { ensureChartTools } from './chart-tools.js'

const before = { ...env }
const folders = []

// Set-up tells there what it does; between the lines of a test run it would look like trouble.
mock.method(stderr, 'write', () => true)
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

beforeEach(() => {
  env.XDG_CACHE_HOME = newFolder()
  delete env.LONGSHORE_CHART_TOOLS
})

afterEach(() => {
  for (const name of ['XDG_CACHE_HOME', 'LONGSHORE_CHART_TOOLS', 'PATH']) {
    if (before[name] === undefined) delete env[name]
    else env[name] = before[name]
  }
})

test('a folder that lacks one of the tools is refused by its name', async () => {
  env.LONGSHORE_CHART_TOOLS = newFolder()
  writeFileSync(join(env.LONGSHORE_CHART_TOOLS, 'helm'), '', { mode: 0o755 })

  await assert.rejects(ensureChartTools, /LONGSHORE_CHART_TOOLS is .* has no promtool/)
})

test('helm and promtool are built with Go, and found again', async () => {
  env.PATH = goThatBuilds()
  const folder = await ensureChartTools()
  env.PATH = newFolder()

  assert.deepEqual(readdirSync(folder).sort(), ['helm', 'promtool'])
  assert.equal(await ensureChartTools(), folder)
})

test('without Go one sentence says what to do', async () => {
  env.PATH = newFolder()

  await assert.rejects(ensureChartTools, /install Go .* or set LONGSHORE_CHART_TOOLS/)
})

/** A folder with a `go` that makes an empty file, named after the module's folder, where the real one would put it. */
function goThatBuilds() {
  const folder = newFolder()
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo go version; exit; fi
while [ "$1" != -o ]; do shift; done
: >"$2\${PWD##*/}"
`
  writeFileSync(join(folder, 'go'), script)
  chmodSync(join(folder, 'go'), 0o755)
  return folder
}

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-setup-'))
  folders.push(folder)
  return folder
}
