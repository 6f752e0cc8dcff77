import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const CRDS = fileURLToPath(new URL('../crds', import.meta.url))

function longshore(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('crds prints every CRD as one YAML stream', () => {
  const { status, stdout } = longshore('crds')

  const names = parseAllDocuments(stdout).map((document) => document.toJS().metadata.name)
  assert.deepEqual(
    names,
    readdirSync(CRDS)
      .map((file) => file.replace('.yaml', '.longshore.dev'))
      .toSorted(),
  )
  assert.equal(status, 0)
})

test('a mistake is one sentence on standard error, nothing on standard output, and exit code 1', () => {
  assert.deepEqual(longshore('operator', '--workers=many'), {
    status: 1,
    stdout: '',
    stderr: 'error: --workers wants a whole number from 1 to 256, not "many"\n',
  })
})
