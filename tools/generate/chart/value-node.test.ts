import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod'
import { valueNodeFrom } from './value-node.ts'
import { valuesFile } from './values-file.ts'

const whole = z.string().transform(Number).pipe(z.int().min(1).max(9))

describe('a chart value is', () => {
  for (const { fact, schema, node } of [
    {
      fact: 'what a setting is parsed to, not the text of its variable',
      schema: whole.default(3),
      node: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
    },
    {
      fact: 'the text itself where the setting becomes something of ours',
      schema: z
        .string()
        .regex(/^\d\/\d$/)
        .transform((text) => ({ text })),
      node: { type: 'string', pattern: '^\\d\\/\\d$' },
    },
    { fact: 'a whole number without what is true of every one', schema: z.int(), node: { type: 'integer' } },
    {
      fact: 'not required where it has a default, nor a group of such',
      schema: z.strictObject({
        a: z.string().default('x'),
        b: z.strictObject({ c: z.string().default('y') }).prefault({}),
        d: z.string(),
      }),
      node: {
        type: 'object',
        properties: {
          a: { type: 'string', default: 'x' },
          b: { type: 'object', properties: { c: { type: 'string', default: 'y' } }, additionalProperties: false },
          d: { type: 'string' },
        },
        required: ['d'],
        additionalProperties: false,
      },
    },
  ]) {
    test(fact, () => assert.deepEqual(valueNodeFrom(schema), node))
  }
})

test('values.yaml has every default with its sentence, and comments out what has none', () => {
  const values = {
    image: z
      .strictObject({
        tag: z
          .string()
          .optional()
          .describe('Its tag.')
          .meta({ examples: ['v1'] }),
      })
      .prefault({})
      .describe('The image.'),
    workers: whole.default(3).describe('How many.'),
    context: z.string().optional().describe('Which.'),
    labels: z
      .record(z.string(), z.string())
      .default({})
      .describe('Labels.')
      .meta({ examples: [{ a: 'b' }] }),
  }

  const lines = valuesFile({ Topic: values }).split('\n').slice(4)

  assert.deepEqual(lines, [
    '# The image.',
    'image:',
    '  # Its tag.',
    '  # tag: v1',
    '',
    '# How many.',
    'workers: 3',
    '',
    '# Which.',
    '# context:',
    '',
    '# Labels.',
    '# labels:',
    '#   a: b',
    'labels: {}',
    '',
  ])
})
