import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numbersOf } from './file-numbers.ts'
import { summaryLines } from './summary.ts'

const numbers = (text: string) => numbersOf('sample.ts', text)

test('lines that are blank count nowhere', () => {
  assert.equal(numbers('const a = 1\n\n  \nconst b = a\n').lines, 2)
})

for (const { fact, text, expected } of [
  { fact: 'a declaration', text: 'function f() {\n  return 1\n}', expected: [3] },
  { fact: 'a method', text: 'class A {\n  f() {\n    return 1\n  }\n}', expected: [3] },
  { fact: 'an arrow in braces, and what it is in', text: 'function f() {\n  return () => {\n  }\n}', expected: [4, 2] },
  { fact: 'no arrow without braces', text: 'const f = () => 1', expected: [] },
]) {
  test(`the length of a function is known of ${fact}`, () => {
    assert.deepEqual(numbers(text).functionLengths, expected)
  })
}

test('every line of a comment counts as one', () => {
  assert.equal(numbers('/**\n * A.\n */\nconst a = 1 // B').commentLines, 4)
})

for (const { fact, text, count } of [
  { fact: 'any', text: 'let a: any', count: { anys: 1 } },
  { fact: 'an assertion that something is there', text: 'a!.b', count: { assertions: 1 } },
  { fact: 'a cast', text: 'const a = b as string', count: { casts: 1 } },
  { fact: 'no cast in as const', text: 'const a = [1] as const', count: { casts: 0 } },
  { fact: 'a check switched off', text: '// @ts-expect-error because\na', count: { suppressions: 1 } },
]) {
  test(`${fact} is counted`, () => assert.partialDeepStrictEqual(numbers(text), count))
}

test('tests are measured against source, by lines', () => {
  const lines = summaryLines([
    { path: 'src/a.ts', numbers: numbers('function f() {\n  return 1\n}\nf()') },
    { path: 'src/a.test.ts', numbers: numbers('a\nb\nc') },
    { path: 'test/support/b.ts', numbers: numbers('a\nb\nc') },
  ])

  assert.ok(lines.some((line) => /^test lines per source line +1\.50 /.test(line)))
  assert.ok(lines.some((line) => /^source lines +4$/.test(line)))
})
