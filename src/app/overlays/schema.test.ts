import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { instanceTypes } from '../../core/scheduling/catalogue/instance-types.ts'
import type { Overlay } from '../../core/scheduling/overlays/overlay.ts'
import { overlayTypes } from '../../core/scheduling/overlays/overlay-types.ts'
import { overlaysFrom } from './schema.ts'

const GIB = 2 ** 30

/** The overlays of YAML as people write it. */
function read(yaml: string): readonly Overlay[] {
  return overlaysFrom(parse(yaml))
}

/** One overlay with these members. */
function readOne(members: string): Overlay | undefined {
  return read(`overlays: [{ name: a, ${members} }]`)[0]
}

describe('an overlay', () => {
  const empty = { name: 'a', weight: 0, requirements: [], capacity: {} }
  const said: readonly (readonly [fact: string, members: string, overlay: Partial<Overlay>])[] = [
    ['sets a price', 'price: 0.05', { price: { type: 'set', value: 0.05 } }],
    ['may write it as a text', 'price: "0.05"', { price: { type: 'set', value: 0.05 } }],
    ['may say that it costs nothing', 'price: 0', { price: { type: 'set', value: 0 } }],
    ['takes a share off', 'priceAdjustment: -28%', { price: { type: 'scale', factor: 0.72 } }],
    ['takes everything off', 'priceAdjustment: -100%', { price: { type: 'scale', factor: 0 } }],
    ['adds a share', 'priceAdjustment: +12.5%', { price: { type: 'scale', factor: 1.125 } }],
    ['adds a sum', 'priceAdjustment: "+0.01"', { price: { type: 'add', value: 0.01 } }],
    ['adds a sum whose sign YAML loses', 'priceAdjustment: +0.01', { price: { type: 'add', value: 0.01 } }],
    ['takes a sum off, as YAML reads it', 'priceAdjustment: -0.01', { price: { type: 'add', value: -0.01 } }],
    ['offers spot at a share', 'spotPrice: 35%', { spotPrice: { type: 'scale', factor: 0.35 } }],
    ['offers spot for a sum', 'spotPrice: 0.02', { spotPrice: { type: 'set', value: 0.02 } }],
    ['says that there is none', 'available: false', { available: false }],
    ['has a weight', 'weight: 10, available: true', { weight: 10, available: true }],
    ['sets memory', 'capacity: { memory: 7Gi }', { capacity: { memory: { type: 'set', value: 7 * GIB } } }],
    [
      'sets devices and storage',
      'capacity: { nvidia.com/gpu: 1, ephemeral-storage: 100Gi }',
      {
        capacity: {
          'nvidia.com/gpu': { type: 'set', value: 1 },
          'ephemeral-storage': { type: 'set', value: 100 * GIB },
        },
      },
    ],
    [
      'sets and adjusts',
      'capacity: { nvidia.com/gpu: 1 }, capacityAdjustment: { memory: -256Mi, ephemeral-storage: +10%, example.com/fpga: +2 }',
      {
        capacity: {
          'nvidia.com/gpu': { type: 'set', value: 1 },
          memory: { type: 'add', value: -256 * 2 ** 20 },
          'ephemeral-storage': { type: 'scale', factor: 1.1 },
          'example.com/fpga': { type: 'add', value: 2 },
        },
      },
    ],
    [
      'has requirements',
      'available: false, requirements: [{ key: b, operator: In, values: [c, 8] }, { key: d, operator: Exists }, { key: e, operator: Gt, values: ["4"] }]',
      {
        available: false,
        requirements: [
          { key: 'b', operator: 'In', values: ['c', '8'] },
          { key: 'd', operator: 'Exists', values: [] },
          { key: 'e', operator: 'Gt', values: ['4'] },
        ],
      },
    ],
  ]
  for (const [fact, members, overlay] of said) {
    test(fact, () => assert.deepEqual(readOne(members), { ...empty, ...overlay }))
  }
})

describe('what is wrong is named', () => {
  const wrong: readonly (readonly [members: string, message: string])[] = [
    ['price: cheap', 'overlays[0].price wants USD an hour, such as 0.0864, not "cheap"'],
    ['price: -1', 'overlays[0].price wants USD an hour, such as 0.0864, not -1'],
    ['price: { usd: 1 }', 'overlays[0].price wants USD an hour, such as 0.0864, not {"usd":1}'],
    ['priceAdjustment: 28%', 'overlays[0].priceAdjustment wants a change such as -28% or +0.01, not "28%"'],
    ['priceAdjustment: -101%', 'overlays[0].priceAdjustment wants a change such as -28% or +0.01, not "-101%"'],
    [
      'spotPrice: -35%',
      'overlays[0].spotPrice wants a share of the on-demand price such as 35%, or USD an hour, not "-35%"',
    ],
    ['available: "no"', 'overlays[0].available wants true or false, not "no"'],
    ['available: true, weight: -1', 'overlays[0].weight wants a whole number from 0 to 10000, not -1'],
    ['available: true, weight: 10001', 'overlays[0].weight wants a whole number from 0 to 10000, not 10001'],
    ['available: true, weight: 1.5', 'overlays[0].weight wants a whole number from 0 to 10000, not 1.5'],
    ['prize: 1', 'overlays[0].prize is no field of overlays'],
    [
      'weight: 1',
      'overlays[0] wants one of price, priceAdjustment, spotPrice, available, capacity and capacityAdjustment, not {"name":"a","weight":1}',
    ],
    ['price: 1, spotPrice: 2', 'overlays[0].spotPrice wants to be alone, without price, not 2'],
    ['price: 1, priceAdjustment: +2', 'overlays[0].priceAdjustment wants to be alone, without price, not 2'],
    ['priceAdjustment: "2"', 'overlays[0].priceAdjustment wants a change such as -28% or +0.01, not "2"'],
    [
      'capacity: { memory: lots }',
      'overlays[0].capacity.memory wants a Kubernetes quantity such as 8Gi or 1, not "lots"',
    ],
    [
      'capacity: { memory: -1Gi }',
      'overlays[0].capacity.memory wants a Kubernetes quantity such as 8Gi or 1, not "-1Gi"',
    ],
    [
      'capacityAdjustment: { memory: 1Gi }',
      'overlays[0].capacityAdjustment.memory wants a change such as -5% or -512Mi, not "1Gi"',
    ],
    [
      'capacity: { pods: 50 }',
      'overlays[0].capacity.pods wants to be memory, ephemeral-storage or an extended resource such as nvidia.com/gpu, not 50',
    ],
    [
      'capacity: { memory: 1Gi }, capacityAdjustment: { memory: -1% }',
      'overlays[0].capacityAdjustment.memory wants to be alone, without capacity, not "-1%"',
    ],
    [
      'capacity: { memory: 1Gi }, requirements: [{ key: karpenter.sh/capacity-type, operator: In, values: [spot] }]',
      'overlays[0].requirements[0].key wants a label of types: capacity is the same in every zone and capacity type, not "karpenter.sh/capacity-type"',
    ],
    [
      'available: true, requirements: [{ key: a, operator: Is }]',
      'overlays[0].requirements[0].operator wants In, NotIn, Exists, DoesNotExist, Gt or Lt, not "Is"',
    ],
    [
      'available: true, requirements: [{ operator: Exists }]',
      'overlays[0].requirements[0].key wants a label, but is missing',
    ],
    [
      'available: true, requirements: [{ key: a, operator: NotIn }]',
      'overlays[0].requirements[0].values wants at least one value for NotIn, but is missing',
    ],
    [
      'available: true, requirements: [{ key: a, operator: Gt, values: [a] }]',
      'overlays[0].requirements[0].values wants one whole number for Gt, not ["a"]',
    ],
    [
      'available: true, requirements: [{ key: a, operator: Lt, values: [1, 2] }]',
      'overlays[0].requirements[0].values wants one whole number for Lt, not [1,2]',
    ],
    [
      'available: true, requirements: [{ key: a, operator: Exists, values: [b] }]',
      'overlays[0].requirements[0].values wants no values for Exists, not ["b"]',
    ],
    [
      'available: true, requirements: { key: a }',
      'overlays[0].requirements wants a list of requirements, not {"key":"a"}',
    ],
  ]
  for (const [members, message] of wrong) {
    test(members, () => assert.throws(() => readOne(members), { name: 'Failure', code: 'invalid', message }))
  }

  for (const [yaml, message] of [
    ['[]', 'the document wants an object with overlays, not []'],
    ['overlay: []', 'overlays wants a list of overlays, but is missing'],
    ['overlays: {}', 'overlays wants a list of overlays, not {}'],
    ['overlays: [1]', 'overlays[0] wants an object, not 1'],
    ['overlays: [{ available: true }]', 'overlays[0].name wants a name, but is missing'],
    [
      'overlays: [{ name: a, available: true }, { name: b, available: true }, { name: a, price: 1 }]',
      'overlays[2].name wants another name than overlays[0] has, not "a"',
    ],
  ] as const) {
    test(yaml, () => assert.throws(() => read(yaml), { code: 'invalid', message }))
  }
})

describe('the example of the documentation', () => {
  const page = readFileSync(new URL('../../../docs/instance-types.md', import.meta.url), 'utf8')
  const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(page) ?? []

  test('lies over the catalogue, and every overlay of it meets something', () => {
    const overlays = read(yaml)
    const result = overlayTypes(instanceTypes(), overlays)

    assert.ok(overlays.length >= 5)
    assert.equal(result.type, 'overlaid')
    assert.deepEqual(result.type === 'overlaid' && result.unmet, [])
  })

  test('comes to the prices that it speaks of', () => {
    const result = overlayTypes(instanceTypes(), read(yaml))
    const [type] = result.type === 'overlaid' ? result.types.filter(({ name }) => name === 'm6a.large') : []

    assert.deepEqual(
      type?.offerings.map(({ zone, capacityType, priceUsdPerHour, available }) =>
        [zone.at(-1), capacityType, priceUsdPerHour, available].join(' '),
      ),
      [
        'a on-demand 0.062208 true',
        'b on-demand 0.062208 false',
        'c on-demand 0.062208 true',
        'a spot 0.03024 true',
        'b spot 0.03024 false',
        'c spot 0.03024 true',
      ],
    )
  })
})
