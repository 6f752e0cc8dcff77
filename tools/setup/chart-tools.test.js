import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { env } from 'node:process'
import { test } from 'node:test'
import { ensureChartTools } from './chart-tools.js'
import { openTestRoom } from './test-room.js'

const { newFolder, newFolderWith, newGo } = openTestRoom('LONGSHORE_CHART_TOOLS')

test('a folder that lacks one of the tools is refused by its name', async () => {
  env.LONGSHORE_CHART_TOOLS = newFolderWith({ helm: '' })

  await assert.rejects(ensureChartTools, /LONGSHORE_CHART_TOOLS is .* has no promtool/)
})

test('helm and promtool are built with Go, and found again', async () => {
  // Named after the module's folder.
  env.PATH = newGo(': >"$2${PWD##*/}"')
  const folder = await ensureChartTools()
  env.PATH = newFolder()

  assert.deepEqual(readdirSync(folder).sort(), ['helm', 'promtool'])
  assert.equal(await ensureChartTools(), folder)
})

test('without Go one sentence says what to do', async () => {
  env.PATH = newFolder()

  await assert.rejects(ensureChartTools, /install Go .* or set LONGSHORE_CHART_TOOLS/)
})
