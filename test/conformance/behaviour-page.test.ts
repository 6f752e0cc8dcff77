import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Everything that tests are made of: their titles stand in it. */
async function textOfTests(): Promise<string> {
  const texts: string[] = []
  for await (const file of glob(['src/**/*.test.ts', 'test/**/*.ts'], { cwd: ROOT })) {
    if (!file.endsWith('behaviour-page.test.ts')) texts.push(readFileSync(`${ROOT}/${file}`, 'utf8'))
  }
  return texts.join('\n')
}

test('every check that docs/behaviour.md names is there', async () => {
  const page = readFileSync(`${ROOT}/docs/behaviour.md`, 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| ') || line.startsWith('Drift '))
  const lastCells = rows.map(
    (row) =>
      row
        .replace(/\|\s*$/, '')
        .split('|')
        .at(-1) ?? '',
  )
  const names = lastCells.flatMap((cell) => [...cell.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name))
  const tests = await textOfTests()

  assert.ok(names.length > 40, `${names.length} names`)
  assert.deepEqual(
    names.filter((name) => !tests.includes(name)),
    [],
  )
})
