import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

/** A mistake that checker and solver share would be invisible. The one file that starts the solver is no part of the checker. */
const SOLVER_DOOR = 'solver.ts'

test('the checker imports nothing of the program', () => {
  const folder = import.meta.dirname
  const files = globSync('**/*.ts', { cwd: folder }).filter((file) => file !== SOLVER_DOOR)
  const guilty = files.filter((file) => /from '(\.\.\/)+src\//.test(readFileSync(join(folder, file), 'utf8')))

  assert.ok(files.length > 20)
  assert.deepEqual(guilty, [])
})
