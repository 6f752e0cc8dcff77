import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { findTestFiles } from './test-files.ts'

const FILES = [
  'src/core/hash.test.ts',
  'src/core/hash.ts',
  'tools/setup/lock.test.js',
  'test/architecture.test.ts',
  'test/charts/values.test.ts',
  'test/conformance/conformance.test.ts',
  'test/faults/killed-leader.test.ts',
  'test/gitops/journey.test.ts',
  'test/images/operator.test.ts',
  'test/integration/crds.test.ts',
  'test/kind/in-a-cluster.test.ts',
  'test/support/hand-clock.ts',
]

let root = ''

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'longshore-test-files-'))
  for (const file of FILES) {
    await mkdir(join(root, dirname(file)), { recursive: true })
    await writeFile(join(root, file), '')
  }
})

after(() => rm(root, { recursive: true }))

for (const { fact, patterns, expected } of [
  {
    fact: 'without a pattern every test file is found, by kind and in order',
    patterns: [],
    expected: [
      { name: 'unit', files: ['src/core/hash.test.ts', 'tools/setup/lock.test.js'] },
      { name: 'architecture', files: ['test/architecture.test.ts'] },
      { name: 'conformance', files: ['test/conformance/conformance.test.ts'] },
      { name: 'faults', files: ['test/faults/killed-leader.test.ts'] },
      { name: 'integration', files: ['test/integration/crds.test.ts'] },
      { name: 'charts', files: ['test/charts/values.test.ts'] },
    ],
  },
  {
    fact: 'a pattern is a part of the path',
    patterns: ['core/'],
    expected: [{ name: 'unit', files: ['src/core/hash.test.ts'] }],
  },
  {
    fact: 'one of several patterns is enough',
    patterns: ['hash', 'crds'],
    expected: [
      { name: 'unit', files: ['src/core/hash.test.ts'] },
      { name: 'integration', files: ['test/integration/crds.test.ts'] },
    ],
  },
  { fact: 'a pattern that fits nothing finds nothing', patterns: ['nowhere'], expected: [] },
]) {
  test(fact, () => assert.deepEqual(findTestFiles(root, { patterns, docker: 'without', argoCd: 'without' }), expected))
}

test('what needs Docker is found when it is asked for', () => {
  const patterns = ['test/i', 'test/k', 'hash']
  const sections = findTestFiles(root, { patterns, docker: 'with', argoCd: 'without' })

  assert.deepEqual(
    sections.map(({ name }) => name),
    ['unit', 'kind', 'integration', 'images'],
  )
  assert.deepEqual(sections.at(-1)?.files, ['test/images/operator.test.ts'])
})

test('what needs Argo CD is found when it is asked for', () => {
  const sections = findTestFiles(root, { patterns: ['test/i', 'gitops'], docker: 'without', argoCd: 'with' })

  assert.deepEqual(
    sections.map(({ name }) => name),
    ['integration', 'gitops'],
  )
})
