import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOutput, isOutput, outputsIn, resolveOutputs } from './output.ts'

const arn = createOutput('box', 'arn')
const desired = { name: 'a', on: arn, list: [1, { deep: arn }], nothing: null }

test('outputs are found at any depth', () => {
  assert.deepEqual(outputsIn(desired), [arn, arn])
  assert.deepEqual(outputsIn({ a: [1, 'x', null, undefined] }), [])
})

test('known outputs are replaced by their value', () => {
  const resolved = resolveOutputs(desired, ({ resource, output }) => `${resource}/${output}`)

  assert.deepEqual(resolved, { name: 'a', on: 'box/arn', list: [1, { deep: 'box/arn' }], nothing: null })
})

test('unknown outputs stay', () => {
  assert.deepEqual(
    resolveOutputs(desired, () => undefined),
    desired,
  )
})

test('an object that merely looks like an output is none', () => {
  assert.equal(isOutput({ resource: 'box', output: 'arn' }), false)
})
