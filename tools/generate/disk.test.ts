import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { differences, writeFiles } from './disk.ts'

async function emptyRoot(context: TestContext): Promise<URL> {
  const path = await mkdtemp(join(tmpdir(), 'generate-'))
  context.after(() => rm(path, { recursive: true }))
  return pathToFileURL(`${path}/`)
}

const files = new Map([
  ['crds/lamps.yaml', 'lamps\n'],
  ['docs/coverage.md', 'all of it\n'],
])

test('what is missing is written, and then nothing differs', async (context) => {
  const root = await emptyRoot(context)

  assert.deepEqual(await writeFiles(files, root), ['crds/lamps.yaml', 'docs/coverage.md'])

  assert.equal(await readFile(new URL('crds/lamps.yaml', root), 'utf8'), 'lamps\n')
  assert.deepEqual(await differences(files, root), [])
  assert.deepEqual(await writeFiles(files, root), [])
})

test('an edited file differs, until it is written again', async (context) => {
  const root = await emptyRoot(context)
  await writeFiles(files, root)
  await writeFile(new URL('docs/coverage.md', root), 'most of it\n')

  assert.deepEqual(await differences(files, root), ['docs/coverage.md'])
  await writeFiles(files, root)

  assert.equal(await readFile(new URL('docs/coverage.md', root), 'utf8'), 'all of it\n')
})

test('a file of a kind that is gone differs, and is removed', async (context) => {
  const root = await emptyRoot(context)
  await writeFiles(new Map([...files, ['crds/oars.yaml', 'oars\n']]), root)

  assert.deepEqual(await differences(files, root), ['crds/oars.yaml'])
  await writeFiles(files, root)

  await assert.rejects(readFile(new URL('crds/oars.yaml', root)), { code: 'ENOENT' })
})

test("other people's pages in shared folders are left alone", async (context) => {
  const root = await emptyRoot(context)
  await writeFiles(files, root)
  await writeFile(new URL('docs/operations.md', root), 'by hand\n')

  assert.deepEqual(await differences(files, root), [])
})
