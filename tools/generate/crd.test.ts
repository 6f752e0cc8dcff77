import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod'
import { type CrdKind, crdFrom, specSchema, statusSchema } from './crd.ts'
import { CommonStatus } from '../../src/reconciler/schema/common-status.ts'

const presentation = {
  plural: 'lamps',
  singular: 'lamp',
  shortNames: ['lp'],
  description: 'A lamp on the shore.',
  printerColumns: [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'ARN', type: 'string', jsonPath: '.status.arn', priority: 1, description: 'Its ARN.' },
  ],
} as const

function kindWith(field: z.ZodType): CrdKind {
  const spec = z.strictObject({ field: field.describe('A field.') }).describe('What is wanted.')
  return { kind: 'Lamp', presentation, schema: { spec, status: z.strictObject({}) } }
}

function fieldOf(field: z.ZodType): unknown {
  const { description, ...rest } = specSchema(kindWith(field)).properties?.['field'] ?? {}
  assert.equal(description, 'A field.')
  return rest
}

const celRule = [{ rule: 'self.size() > 0', message: 'must not be empty' }]
const cel = { 'x-kubernetes-validations': celRule }

describe('what zod emits becomes structural', () => {
  for (const { fact, schema, expected } of [
    {
      fact: 'an integer loses the bounds of JavaScript',
      schema: z.int(),
      expected: { type: 'integer', format: 'int64' },
    },
    {
      fact: 'a 32-bit integer says so by its format',
      schema: z.int32(),
      expected: { type: 'integer', format: 'int32' },
    },
    {
      fact: 'bounds that mean something stay',
      schema: z.int().min(0).max(200),
      expected: { type: 'integer', format: 'int32', minimum: 0, maximum: 200 },
    },
    {
      fact: 'one bound is enough to stay 64 bits wide',
      schema: z.int().min(1),
      expected: { type: 'integer', format: 'int64', minimum: 1 },
    },
    {
      fact: 'exclusive bounds are booleans',
      schema: z.number().gt(1),
      expected: { type: 'number', minimum: 1, exclusiveMinimum: true },
    },
    { fact: 'a literal is a one-value enum', schema: z.literal('on'), expected: { type: 'string', enum: ['on'] } },
    {
      fact: 'nullable is a word of its own',
      schema: z.string().nullable(),
      expected: { type: 'string', nullable: true },
    },
    { fact: 'read-only is not a word of CRDs', schema: z.string().readonly(), expected: { type: 'string' } },
    { fact: 'a default stays', schema: z.string().default('on'), expected: { type: 'string', default: 'on' } },
    {
      fact: 'a strict object does not forbid additional properties',
      schema: z.strictObject({ on: z.boolean().describe('On.') }),
      expected: { type: 'object', properties: { on: { type: 'boolean', description: 'On.' } }, required: ['on'] },
    },
    {
      fact: 'a loose object preserves unknown fields',
      schema: z.looseObject({ on: z.boolean().optional().describe('On.') }),
      expected: {
        type: 'object',
        properties: { on: { type: 'boolean', description: 'On.' } },
        'x-kubernetes-preserve-unknown-fields': true,
      },
    },
    {
      fact: 'anything is allowed where it is marked',
      schema: z.unknown().meta({ 'x-kubernetes-preserve-unknown-fields': true }),
      expected: { 'x-kubernetes-preserve-unknown-fields': true },
    },
    {
      fact: 'integer or string is the one union with a word of its own',
      schema: z.union([z.string(), z.int()]),
      expected: { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
    },
    {
      fact: 'two patterns lose the type inside allOf',
      schema: z.string().regex(/^a/).regex(/b$/),
      expected: { type: 'string', allOf: [{ pattern: '^a' }, { pattern: 'b$' }] },
    },
    {
      fact: 'a format that the server checks replaces its pattern',
      schema: z.uuid(),
      expected: { type: 'string', format: 'uuid' },
    },
    {
      fact: 'a format that the server does not know leaves its pattern',
      schema: z.string().startsWith('a'),
      expected: { type: 'string', pattern: '^a.*' },
    },
    {
      fact: 'a check of map keys with a twin in CEL is a plain map',
      schema: z.record(z.enum(['a', 'b']), z.string().max(3)).meta({ ...cel, maxProperties: 2 }),
      expected: { type: 'object', additionalProperties: { type: 'string', maxLength: 3 }, maxProperties: 2, ...cel },
    },
    {
      fact: 'a refinement with a twin in CEL is left to CEL',
      schema: z
        .string()
        .max(5)
        .refine((text) => text !== '')
        .meta(cel),
      expected: { type: 'string', maxLength: 5, ...cel },
    },
    {
      fact: 'list extensions pass through, deep inside too',
      schema: z.array(z.array(z.string()).meta({ 'x-kubernetes-list-type': 'set' })),
      expected: {
        type: 'array',
        items: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      },
    },
  ]) {
    test(fact, () => assert.deepEqual(fieldOf(schema), expected))
  }
})

describe('what a CRD cannot say is refused with a sentence that names the field', () => {
  const named = z.string().meta({ id: 'Named' })
  const inner = (schema: z.ZodType) => z.array(z.strictObject({ deep: schema.describe('Deep.') }))
  for (const { fact, schema, problem } of [
    { fact: 'a transform', schema: z.string().transform(Number), problem: /spec\.field converts its input/ },
    { fact: 'a preprocessing', schema: z.preprocess(String, z.string()), problem: /spec\.field converts its input/ },
    { fact: 'a coercion', schema: z.coerce.number(), problem: /spec\.field converts its input/ },
    { fact: 'a trim', schema: z.string().trim(), problem: /spec\.field converts its input/ },
    { fact: 'a catch', schema: z.string().catch('a'), problem: /spec\.field hides a wrong value/ },
    { fact: 'a prefault', schema: z.string().prefault('a'), problem: /spec\.field uses \.prefault/ },
    { fact: 'a date', schema: z.date(), problem: /spec\.field has no type that JSON knows/ },
    { fact: 'a bigint', schema: z.bigint(), problem: /spec\.field has no type that JSON knows/ },
    { fact: 'anything, unmarked', schema: z.unknown(), problem: /spec\.field has no type/ },
    { fact: 'a tuple', schema: z.tuple([z.string(), z.string()]), problem: /spec\.field is a tuple/ },
    {
      fact: 'an intersection',
      schema: z.intersection(z.object({}), z.object({})),
      problem: /spec\.field is an intersection/,
    },
    { fact: 'a refinement alone', schema: z.string().refine(Boolean), problem: /spec\.field has a check/ },
    { fact: 'checked map keys alone', schema: z.record(z.enum(['a']), z.string()), problem: /spec\.field has a check/ },
    { fact: 'a schema with an id', schema: z.array(named), problem: /spec\.field\[\] is recursive or has an id/ },
    { fact: 'a union', schema: z.union([z.string(), z.boolean()]), problem: /spec\.field is a union/ },
    {
      fact: 'a discriminated union',
      schema: z.discriminatedUnion('type', [z.object({ type: z.literal('a') }), z.object({ type: z.literal('b') })]),
      problem: /spec\.field is a union/,
    },
    {
      fact: 'look-around',
      schema: z.string().regex(/^(?!aws:)/),
      problem: /spec\.field has the pattern \^\(\?!aws:\)/,
    },
    { fact: 'look-around in one of two', schema: z.string().regex(/a/).regex(/(?=b)/), problem: /which RE2 does not/ },
    { fact: 'a format that nobody checks', schema: z.jwt(), problem: /spec\.field has the format jwt/ },
    { fact: 'a duration of ISO 8601', schema: z.iso.duration(), problem: /spec\.field has the pattern/ },
    {
      fact: 'a set of objects',
      schema: z.array(z.strictObject({})).meta({ 'x-kubernetes-list-type': 'set' }),
      problem: /spec\.field is a set of what is not scalar/,
    },
    {
      fact: 'uniqueItems',
      schema: z.array(z.string()).meta({ uniqueItems: true }),
      problem: /spec\.field uses uniqueItems/,
    },
    {
      fact: 'a list map with an optional key',
      schema: z
        .array(z.strictObject({ key: z.string().optional().describe('Key.') }))
        .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['key'] }),
      problem: /spec\.field has list-map keys that are neither required nor defaulted: key/,
    },
    {
      fact: 'a list map without keys',
      schema: z.array(z.strictObject({})).meta({ 'x-kubernetes-list-type': 'map' }),
      problem: /spec\.field is a list map without keys/,
    },
    {
      fact: 'a field without a description',
      schema: z.strictObject({ silent: z.string() }),
      problem: /spec\.field\.silent has no description/,
    },
    {
      fact: 'a description that is no sentence',
      schema: z.strictObject({ terse: z.string().describe('the name') }),
      problem: /spec\.field\.terse has a description that is not a sentence/,
    },
    {
      fact: 'a rule on an endless string',
      schema: z.string().meta(cel),
      problem: /spec\.field is read .* no maxLength/,
    },
    {
      fact: 'a rule on an endless list',
      schema: z.array(z.boolean()).meta(cel),
      problem: /spec\.field is read .* no maxItems/,
    },
    {
      fact: 'a rule on an endless map',
      schema: z.record(z.string(), z.boolean()).meta(cel),
      problem: /spec\.field is read .* no maxProperties/,
    },
    {
      fact: 'a rule inside an endless list',
      schema: z.array(z.string().max(3).meta(cel)),
      problem: /spec\.field is read by a CEL rule and has no maxItems/,
    },
    {
      fact: 'a rule above that names an endless string',
      schema: z
        .strictObject({ tail: z.string().describe('Tail.') })
        .meta({ 'x-kubernetes-validations': [{ rule: "self.tail != 'x'" }] }),
      problem: /spec\.field\.tail is read by a CEL rule and has no maxLength/,
    },
    { fact: 'what is deep inside', schema: inner(z.date()), problem: /spec\.field\[\]\.deep has no type/ },
    { fact: 'what is in a map', schema: z.record(z.string(), z.date()), problem: /spec\.field\.\* has no type/ },
  ]) {
    test(fact, () => assert.throws(() => specSchema(kindWith(schema)), { message: problem }))
  }

  test('all problems come at once, each with its kind', () => {
    const schema = z.strictObject({ a: z.date().describe('A.'), b: z.bigint().describe('B.') })

    assert.throws(() => specSchema(kindWith(schema)), { message: /^Lamp: spec\.field\.a .*\nLamp: spec\.field\.b .*$/ })
  })
})

test('a field that no rule names may be endless', () => {
  const schema = z
    .strictObject({ head: z.string().max(3).describe('Head.'), tail: z.string().describe('Tail.') })
    .meta({ 'x-kubernetes-validations': [{ rule: "self.head != 'x'" }] })

  assert.doesNotThrow(() => specSchema(kindWith(schema)))
})

describe('the status', () => {
  const statusOf = (shape: z.ZodRawShape) =>
    statusSchema({ ...kindWith(z.string()), schema: { spec: z.strictObject({}), status: z.strictObject(shape) } })

  test("has the common fields and the kind's own, none required", () => {
    const status = statusOf({ arn: z.string().describe('The ARN.') })

    assert.deepEqual(Object.keys(status.properties ?? {}), [...Object.keys(CommonStatus.shape), 'arn'])
    assert.equal(status.required, undefined)
  })

  test('keeps conditions as a map by type', () => {
    const conditions = statusOf({}).properties?.['conditions']

    assert.deepEqual(conditions?.['x-kubernetes-list-map-keys'], ['type'])
  })

  test('refuses a field that every kind has', () => {
    assert.throws(() => statusOf({ region: z.string().describe('Mine.') }), {
      message: "Lamp: status.region is part of every kind's status",
    })
  })
})

describe('the CRD', () => {
  const crd = crdFrom(kindWith(z.string()))
  const version = crd.spec.versions[0]

  test('is named, grouped and short-named', () => {
    assert.equal(crd.metadata.name, 'lamps.longshore.dev')
    assert.equal(crd.spec.group, 'longshore.dev')
    assert.equal(crd.spec.scope, 'Namespaced')
    assert.deepEqual(crd.spec.names, {
      kind: 'Lamp',
      listKind: 'LampList',
      plural: 'lamps',
      singular: 'lamp',
      shortNames: ['lp'],
      categories: ['longshore', 'aws'],
    })
  })

  test('requires a spec', () => assert.deepEqual(version?.schema.openAPIV3Schema.required, ['spec']))

  test('shows the printer columns of the kind', () => {
    assert.deepEqual(version?.additionalPrinterColumns, [
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: 'ARN', type: 'string', jsonPath: '.status.arn', priority: 1, description: 'Its ARN.' },
    ])
  })

  test('has a status subresource, and scale only where the kind scales', () => {
    const scale = { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n', labelSelectorPath: '.status.s' }
    const scaled = crdFrom({ ...kindWith(z.string()), presentation: { ...presentation, scale } })

    assert.deepEqual(version?.subresources, { status: {} })
    assert.deepEqual(scaled.spec.versions[0]?.subresources, { status: {}, scale })
  })

  test('is refused when it is too large for client-side apply', () => {
    const huge = z.enum(Array.from({ length: 30_000 }, (_, index) => `value-${index}`))

    assert.throws(() => crdFrom(kindWith(huge)), { message: /Lamp makes a CRD of more than 262144 bytes/ })
  })
})
