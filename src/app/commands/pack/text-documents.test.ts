import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createDocumentReader, readDocument } from './document-reader.ts'
import { InputProblem } from './input-problem.ts'
import { createJsonSplitter } from './json-splitter.ts'
import type { ProblemReader } from './problem-reader.ts'
import { createTextReader } from './text-documents.ts'

/** Everything that a splitter says about a text, given in parts of some size. */
function eventsOf(text: string, partBytes: number): readonly unknown[] {
  const events: unknown[] = []
  const splitter = createJsonSplitter({
    member: (key, value) => void events.push(['member', key, JSON.parse(value)]),
    list: (key) => void events.push(['list', key]),
    element: (key, index, value) => void events.push(['element', key, index, JSON.parse(value)]),
    end: () => void events.push(['end']),
  })
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += partBytes) splitter.push(bytes.subarray(at, at + partBytes))
  splitter.finish()
  return events
}

/** The same, of the parsed value. */
function expectedEvents(value: unknown): readonly unknown[] {
  const list = (key: string | undefined, elements: readonly unknown[]): readonly unknown[] => [
    ['list', key],
    ...elements.map((element, index) => ['element', key, index, element]),
  ]
  if (Array.isArray(value)) return [...list(undefined, value), ['end']]
  const members = Object.entries(Object(value)).flatMap(([key, member]) =>
    Array.isArray(member) ? list(key, member) : [['member', key, member]],
  )
  return [...members, ['end']]
}

const anything = fc.jsonValue({ maxDepth: 4 })
const key = fc.string({ unit: 'grapheme' })
const top = fc.oneof(fc.array(anything), fc.dictionary(key, fc.oneof(anything, fc.array(anything))))

describe('a JSON text is cut', () => {
  test('into what JSON.parse sees, whatever the parts it comes in', () => {
    fc.assert(
      fc.property(
        fc.array(top, { maxLength: 3 }),
        fc.nat({ max: 4 }),
        fc.integer({ min: 1, max: 40 }),
        (values, indent, part) => {
          // Members that are called like numbers change their places in JSON.parse, and __proto__ its meaning.
          const parsed: unknown[] = values.map((value) => JSON.parse(JSON.stringify(value)))
          const text = parsed.map((value) => JSON.stringify(value, null, indent)).join('\n')

          assert.deepEqual(eventsOf(text, part), parsed.flatMap(expectedEvents))
        },
      ),
      { numRuns: 300 },
    )
  })

  for (const { text, sentence } of [
    { text: '{"pods":[}', sentence: 'line 1 wants a value or ], not "}"' },
    { text: '{\n"pods": [1,\n]}', sentence: 'line 3 wants a value, not "]"' },
    { text: '{"pods":\n[1 2]}', sentence: 'line 2 wants a comma or ], not "2"' },
    { text: '{"a" 1}', sentence: 'line 1 wants a colon, not "1"' },
    { text: '{"a":1,}', sentence: 'line 1 wants a name in quotes, not "}"' },
    { text: '{a:1}', sentence: 'line 1 wants a name in quotes or }, not "a"' },
    { text: '{"a":1]', sentence: 'line 1 wants a comma or }, not "]"' },
    { text: '{"a":}', sentence: 'line 1 wants a value, not "}"' },
    { text: '[] x', sentence: 'line 1 wants { or [, not "x"' },
    { text: '{"pods":[{"a":\n"b"}', sentence: 'line 2 wants a comma or ], but the text ends' },
    { text: '{"pods":[{"a":', sentence: 'line 1 wants a value or ], but the text ends' },
  ]) {
    test(`and ${JSON.stringify(text)} is refused: ${sentence}`, () => {
      assert.throws(() => eventsOf(text, 3), new InputProblem(sentence))
    })
  }
})

/** What a reader of a text adds to the problem. */
function addedBy(text: string, expected?: Parameters<typeof createTextReader>[1]): readonly unknown[] {
  const { added, problem } = recordingReader()
  const reader = createTextReader(problem, expected)
  reader.push(Buffer.from(text.slice(0, 5)))
  reader.push(Buffer.from(text.slice(5)))
  reader.finish()
  return added
}

function recordingReader() {
  const added: unknown[] = []
  const problem: ProblemReader = {
    begin: () => {},
    add: (collection, value, path) => void added.push([collection, value, path.join('.')]),
    settings: (value) => void added.push(['options', value]),
    finish: assert.fail,
  }
  return { added, problem }
}

describe('a text holds', () => {
  for (const { fact, text, expected, added } of [
    {
      fact: 'a problem in JSON',
      text: ' \n {"pods":[1,2],"options":{"timeLimitMs":5}}',
      added: [
        ['pods', 1, 'pods.0'],
        ['pods', 2, 'pods.1'],
        ['options', { timeLimitMs: 5 }],
      ],
    },
    {
      fact: 'a problem in YAML',
      text: 'pods: [1]\noptions: { timeLimitMs: 5 }\n',
      added: [
        ['pods', 1, 'pods.0'],
        ['options', { timeLimitMs: 5 }],
      ],
    },
    {
      fact: 'several YAML documents',
      text: '# pools\nkind: EksNodePool\n---\n---\nkind: Node\n',
      added: [
        ['nodePools', { kind: 'EksNodePool' }, ''],
        ['nodes', { kind: 'Node' }, ''],
      ],
    },
    {
      fact: 'several JSON documents',
      text: '{"kind":"Node"}\n{"kind":"List","items":[{"kind":"Pod"}]}',
      added: [
        ['nodes', { kind: 'Node' }, ''],
        ['pods', { kind: 'Pod' }, 'items.0'],
      ],
    },
    {
      fact: 'objects that do not say their kind, when the flag does',
      text: '{"items":[{"a":1}]}',
      expected: 'pods' as const,
      added: [['pods', { a: 1 }, 'items.0']],
    },
    {
      fact: 'a bare list, when the flag says of what',
      text: '[{"name":"t"}]',
      expected: 'instanceTypes' as const,
      added: [['instanceTypes', { name: 't' }, '0']],
    },
  ]) {
    test(fact, () => assert.deepEqual(addedBy(text, expected), added))
  }

  for (const { text, expected, sentence } of [
    { text: '{"pods":[{"a":nul}]}', sentence: 'pods[0] wants valid JSON' },
    { text: 'pods: [\n', sentence: 'line 2 wants valid YAML (bad indent)' },
    { text: 'a: 1\na: 2\n', sentence: 'line 2 wants valid YAML (duplicate key)' },
    { text: '  \n', sentence: 'wants a JSON or YAML document, but is empty' },
    { text: '5\n', sentence: 'the document wants an object, not 5' },
    {
      text: '{"kind":"List","items":[{"kind":"Pod"},{"kind":"Node"}]}',
      expected: 'pods' as const,
      sentence: 'items[1].kind wants Pod, not "Node"',
    },
  ]) {
    test(`nothing that is known in ${JSON.stringify(text)}: ${sentence}`, () => {
      assert.throws(() => addedBy(text, expected), new InputProblem(sentence))
    })
  }
})

test('a document in memory is read as its text is', () => {
  const document = { kind: 'List', items: [{ kind: 'Pod' }, { kind: 'Event' }] }
  const { added, problem } = recordingReader()

  readDocument(document, createDocumentReader(problem, undefined))

  assert.deepEqual(added, addedBy(JSON.stringify(document)))
})
