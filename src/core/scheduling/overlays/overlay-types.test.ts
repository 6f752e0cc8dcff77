import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { sampleType } from '../../../../test/support/sample-type.ts'
import { typesFromFacts } from '../catalogue/catalogue-type.ts'
import type { NodeRequirement } from '../kubernetes.ts'
import type { InstanceType } from '../problem.ts'
import type { Overlay } from './overlay.ts'
import { overlayTypes } from './overlay-types.ts'

const GIB = 2 ** 30
const MIB = 2 ** 20

const gpu = { role: 'gpu', manufacturer: 'nvidia', name: 't4' } as const
const types = typesFromFacts(
  [
    sampleType({ name: 'm99a.large', priceUsdPerHour: 0.1 }),
    sampleType({ name: 'c99g.large', architecture: 'arm64', priceUsdPerHour: 0.08 }),
    sampleType({ name: 'g99.large', cpuCount: 8, priceUsdPerHour: 0.5, device: gpu, deviceCount: 2 }),
  ],
  { zones: ['us-east-1a', 'us-east-1b'] },
)

function overlay(said: Partial<Overlay>): Overlay {
  return { name: 'an overlay', weight: 0, requirements: [], capacity: {}, ...said }
}

function isIn(key: string, ...values: readonly string[]): NodeRequirement {
  return { key, operator: 'In', values }
}

function overlaid(overlays: readonly Overlay[], under: readonly InstanceType[] = types): readonly InstanceType[] {
  const result = overlayTypes(under, overlays)
  assert.equal(result.type, 'overlaid')
  return result.type === 'overlaid' ? result.types : []
}

/** `m99a.large on-demand a 0.1`, for each offering; an `×` behind what is not available. */
function offeringLines(...overlays: readonly Overlay[]): readonly string[] {
  return overlaid(overlays).flatMap(({ name, offerings }) =>
    offerings.map(({ zone, capacityType, priceUsdPerHour, available }) =>
      [name, capacityType, zone.at(-1), priceUsdPerHour, ...(available ? [] : ['×'])].join(' '),
    ),
  )
}

const UNTOUCHED = [
  'm99a.large on-demand a 0.1',
  'm99a.large on-demand b 0.1',
  'c99g.large on-demand a 0.08',
  'c99g.large on-demand b 0.08',
  'g99.large on-demand a 0.5',
  'g99.large on-demand b 0.5',
]

/** The untouched offerings with other lines in the place of some. */
function but(changes: Readonly<Record<number, string>>): readonly string[] {
  return UNTOUCHED.map((line, at) => changes[at] ?? line)
}

const m99a = isIn('karpenter.k8s.aws/instance-family', 'm99a')
const zoneB = isIn('topology.kubernetes.io/zone', 'us-east-1b')
const halfPrice = { type: 'scale', factor: 0.5 } as const

describe('prices', () => {
  for (const { fact, overlays, lines } of [
    { fact: 'stay as they are without overlays', overlays: [], lines: UNTOUCHED },
    {
      fact: 'are set',
      overlays: [{ requirements: [m99a], price: { type: 'set', value: 0.07 } }],
      lines: but({ 0: 'm99a.large on-demand a 0.07', 1: 'm99a.large on-demand b 0.07' }),
    },
    {
      fact: 'are reduced by a share in one zone',
      overlays: [{ requirements: [m99a, zoneB], price: { type: 'scale', factor: 0.72 } }],
      lines: but({ 1: 'm99a.large on-demand b 0.072' }),
    },
    {
      fact: 'are raised, in decimals',
      overlays: [{ requirements: [m99a, zoneB], price: { type: 'add', value: 0.2 } }],
      lines: but({ 1: 'm99a.large on-demand b 0.3' }),
    },
    {
      fact: 'never fall below nothing',
      overlays: [{ requirements: [m99a, zoneB], price: { type: 'add', value: -1 } }],
      lines: but({ 1: 'm99a.large on-demand b 0' }),
    },
    {
      fact: 'are those of the heaviest overlay, whatever the order',
      overlays: [
        { name: 'light', weight: 1, price: { type: 'set', value: 9 }, requirements: [m99a] },
        { name: 'heavy', weight: 10, price: { type: 'set', value: 3 }, requirements: [m99a] },
        { name: 'middling', weight: 5, price: { type: 'set', value: 6 }, requirements: [m99a] },
      ],
      lines: but({ 0: 'm99a.large on-demand a 3', 1: 'm99a.large on-demand b 3' }),
    },
    {
      fact: 'start from the list, not from lighter overlays',
      overlays: [
        { name: 'light', weight: 1, price: { type: 'set', value: 9 }, requirements: [m99a] },
        { name: 'heavy', weight: 10, price: halfPrice, requirements: [m99a, zoneB] },
      ],
      lines: but({ 0: 'm99a.large on-demand a 9', 1: 'm99a.large on-demand b 0.05' }),
    },
    {
      fact: 'are for lighter overlays to say where the heavier says nothing of them',
      overlays: [
        { name: 'light', weight: 1, price: halfPrice, requirements: [m99a] },
        { name: 'heavy', weight: 10, available: false, requirements: [m99a, zoneB] },
      ],
      lines: but({ 0: 'm99a.large on-demand a 0.05', 1: 'm99a.large on-demand b 0.05 ×' }),
    },
  ] satisfies readonly { fact: string; overlays: readonly Partial<Overlay>[]; lines: readonly string[] }[]) {
    test(fact, () => assert.deepEqual(offeringLines(...overlays.map(overlay)), lines))
  }
})

describe('spot', () => {
  const spotShare = { requirements: [m99a], spotPrice: { type: 'scale', factor: 0.3 } } as const
  const onlySpot = isIn('longshore.dev/capacity-type', 'spot')
  const withSpot = (...lines: readonly string[]) => [...UNTOUCHED.slice(0, 2), ...lines, ...UNTOUCHED.slice(2)]

  for (const { fact, overlays, lines } of [
    {
      fact: 'is offered at a share of the on-demand price, wherever that is offered',
      overlays: [spotShare],
      lines: withSpot('m99a.large spot a 0.03', 'm99a.large spot b 0.03'),
    },
    {
      fact: 'is a share of the price of each type',
      overlays: [{ ...spotShare, requirements: [isIn('kubernetes.io/arch', 'arm64')] }],
      lines: [...UNTOUCHED.slice(0, 4), 'c99g.large spot a 0.024', 'c99g.large spot b 0.024', ...UNTOUCHED.slice(4)],
    },
    {
      fact: 'is offered for a sum in one zone',
      overlays: [{ requirements: [m99a, zoneB], spotPrice: { type: 'set', value: 0.041 } }],
      lines: withSpot('m99a.large spot b 0.041'),
    },
    {
      fact: 'is a share of the list price, not of a discount',
      overlays: [
        { name: 'plan', requirements: [isIn('karpenter.sh/capacity-type', 'on-demand')], price: halfPrice },
        spotShare,
      ],
      lines: [
        'm99a.large on-demand a 0.05',
        'm99a.large on-demand b 0.05',
        'm99a.large spot a 0.03',
        'm99a.large spot b 0.03',
        'c99g.large on-demand a 0.04',
        'c99g.large on-demand b 0.04',
        'g99.large on-demand a 0.25',
        'g99.large on-demand b 0.25',
      ],
    },
    {
      fact: 'may be adjusted once it is offered',
      overlays: [spotShare, { name: 'dearer', requirements: [onlySpot, zoneB], price: { type: 'add', value: 0.01 } }],
      lines: withSpot('m99a.large spot a 0.03', 'm99a.large spot b 0.04'),
    },
    {
      fact: 'is not offered by a price alone',
      overlays: [{ requirements: [onlySpot], price: { type: 'set', value: 0.01 } }],
      lines: UNTOUCHED,
    },
    {
      fact: 'may be short',
      overlays: [spotShare, { name: 'short', requirements: [onlySpot, zoneB], available: false }],
      lines: withSpot('m99a.large spot a 0.03', 'm99a.large spot b 0.03 ×'),
    },
  ] satisfies readonly { fact: string; overlays: readonly Partial<Overlay>[]; lines: readonly string[] }[]) {
    test(fact, () => assert.deepEqual(offeringLines(...overlays.map(overlay)), lines))
  }

  test('that was offered already gets the new price, and is offered once', () => {
    const [before] = overlaid([overlay(spotShare)])
    const [after] = overlaid([overlay({ ...spotShare, spotPrice: halfPrice })], before && [before])

    assert.deepEqual(
      after?.offerings.map(({ zone, capacityType, priceUsdPerHour }) => [zone.at(-1), capacityType, priceUsdPerHour]),
      [
        ['a', 'on-demand', 0.1],
        ['b', 'on-demand', 0.1],
        ['a', 'spot', 0.05],
        ['b', 'spot', 0.05],
      ],
    )
  })
})

describe('what is available', () => {
  const unavailable = { requirements: [m99a, zoneB], available: false }

  test('may be taken away', () => {
    assert.deepEqual(offeringLines(overlay(unavailable)), but({ 1: 'm99a.large on-demand b 0.1 ×' }))
  })

  test('may be given back by a heavier overlay', () => {
    assert.deepEqual(
      offeringLines(overlay(unavailable), overlay({ name: 'back', weight: 1, available: true })),
      UNTOUCHED,
    )
  })
})

describe('requirements', () => {
  const met: readonly (readonly [fact: string, requirement: NodeRequirement, names: readonly string[]])[] = [
    ['In names values', isIn('kubernetes.io/arch', 'arm64', 'riscv'), ['c99g.large']],
    ['In meets nothing that lacks the label', isIn('karpenter.k8s.aws/instance-gpu-name', ''), []],
    ['NotIn meets others', { key: 'kubernetes.io/arch', operator: 'NotIn', values: ['amd64'] }, ['c99g.large']],
    [
      'NotIn meets what lacks the label',
      { key: 'karpenter.k8s.aws/instance-gpu-name', operator: 'NotIn', values: ['t4'] },
      ['m99a.large', 'c99g.large'],
    ],
    [
      'Exists wants the label',
      { key: 'karpenter.k8s.aws/instance-gpu-name', operator: 'Exists', values: [] },
      ['g99.large'],
    ],
    [
      'DoesNotExist wants none',
      { key: 'karpenter.k8s.aws/instance-gpu-name', operator: 'DoesNotExist', values: [] },
      ['m99a.large', 'c99g.large'],
    ],
    ['Gt compares numbers', { key: 'karpenter.k8s.aws/instance-cpu', operator: 'Gt', values: ['2'] }, ['g99.large']],
    [
      'Lt compares numbers',
      { key: 'karpenter.k8s.aws/instance-cpu', operator: 'Lt', values: ['8'] },
      ['m99a.large', 'c99g.large'],
    ],
    [
      'Gt meets nothing that lacks the label',
      { key: 'karpenter.k8s.aws/instance-local-nvme', operator: 'Gt', values: ['-1'] },
      [],
    ],
    [
      'Lt meets nothing that lacks the label',
      { key: 'karpenter.k8s.aws/instance-local-nvme', operator: 'Lt', values: ['1'] },
      [],
    ],
    ['Gt meets no text', { key: 'karpenter.k8s.aws/instance-family', operator: 'Gt', values: ['0'] }, []],
    ['spot is not on demand', isIn('karpenter.sh/capacity-type', 'spot'), []],
    ['every type is on demand', isIn('longshore.dev/capacity-type', 'on-demand'), types.map(({ name }) => name)],
  ]
  for (const [fact, requirement, names] of met) {
    test(fact, () => {
      const gone = overlaid([overlay({ requirements: [requirement], available: false })])

      assert.deepEqual(
        gone.filter(({ offerings }) => offerings.every(({ available }) => !available)).map(({ name }) => name),
        names,
      )
    })
  }

  test('hold together', () => {
    const lines = offeringLines(
      overlay({ requirements: [m99a, isIn('kubernetes.io/arch', 'arm64')], available: false }),
    )

    assert.deepEqual(lines, UNTOUCHED)
  })

  test('that nothing meets are told', () => {
    const result = overlayTypes(types, [
      overlay({ name: 'misspelt', requirements: [isIn('karpenter.k8s.aws/instance-famly', 'm99a')], available: false }),
      overlay({ name: 'meets', requirements: [zoneB], price: halfPrice }),
      overlay({ name: 'no spot', requirements: [isIn('karpenter.sh/capacity-type', 'spot')], price: halfPrice }),
      overlay({ name: 'room', requirements: [m99a], capacity: { memory: halfPrice } }),
    ])

    assert.deepEqual(result.type === 'overlaid' && result.unmet, ['misspelt', 'no spot'])
  })

  test('of a price of spot are met by the spot that it offers', () => {
    const offers = overlay({ requirements: [isIn('karpenter.sh/capacity-type', 'spot')], spotPrice: halfPrice })
    const result = overlayTypes(types, [offers])

    assert.deepEqual(result.type === 'overlaid' && result.unmet, [])
  })
})

describe('capacity', () => {
  function room(resource: string, ...capacities: readonly Overlay['capacity'][]) {
    const overlays = capacities.map((capacity, at) =>
      overlay({ name: `${at}`, weight: at, requirements: [m99a], capacity }),
    )
    const [type, other] = overlaid(overlays)
    assert.deepEqual(other, types[1])
    return [type?.capacity[resource], type?.allocatable[resource]]
  }

  for (const { fact, resource, capacities, expected } of [
    {
      fact: 'of an extended resource is added, and is all for pods',
      resource: 'example.com/fpga',
      capacities: [{ 'example.com/fpga': { type: 'set', value: 4 } }],
      expected: [4, 4],
    },
    {
      fact: 'of memory leaves the reservations alone',
      resource: 'memory',
      capacities: [{ memory: { type: 'set', value: 7 * GIB } }],
      expected: [7 * GIB, 7 * GIB - (7577 - 6903) * MIB],
    },
    {
      fact: 'of memory is adjusted',
      resource: 'memory',
      capacities: [{ memory: { type: 'add', value: -100 * MIB } }],
      expected: [7477 * MIB, 6803 * MIB],
    },
    {
      fact: 'of memory is scaled to whole bytes',
      resource: 'memory',
      capacities: [{ memory: { type: 'scale', factor: 0.999 } }],
      expected: [Math.floor(7577 * MIB * 0.999), Math.floor(7577 * MIB * 0.999) - (7577 - 6903) * MIB],
    },
    {
      fact: 'below what is reserved leaves pods nothing',
      resource: 'memory',
      capacities: [{ memory: { type: 'set', value: 1 } }],
      expected: [1, 0],
    },
    {
      fact: 'is never less than nothing',
      resource: 'memory',
      capacities: [{ memory: { type: 'add', value: -99 * GIB } }],
      expected: [0, 0],
    },
    {
      fact: 'is decided by the heaviest',
      resource: 'example.com/fpga',
      capacities: [
        { 'example.com/fpga': { type: 'set', value: 4 } },
        { 'example.com/fpga': { type: 'set', value: 8 } },
      ],
      expected: [8, 8],
    },
    {
      fact: 'of other resources is decided apart',
      resource: 'memory',
      capacities: [{ memory: { type: 'set', value: 7 * GIB } }, { 'example.com/fpga': { type: 'set', value: 8 } }],
      expected: [7 * GIB, 7 * GIB - (7577 - 6903) * MIB],
    },
  ] satisfies readonly {
    fact: string
    resource: string
    capacities: readonly Overlay['capacity'][]
    expected: readonly number[]
  }[]) {
    test(fact, () => assert.deepEqual(room(resource, ...capacities), expected))
  }
})

describe('overlays of the same weight', () => {
  function problems(...overlays: readonly Partial<Overlay>[]): readonly string[] {
    const result = overlayTypes(
      types,
      overlays.map((said, at) => overlay({ name: 'abc'[at] ?? '', weight: 7, ...said })),
    )
    return result.type === 'disputed' ? result.problems : []
  }
  const advice = 'both with weight 7; give one more weight, or narrower requirements'

  for (const { fact, overlays, expected } of [
    {
      fact: 'that name two prices are named, with the first offering that shows it',
      overlays: [{ price: { type: 'set', value: 1 } }, { price: halfPrice, requirements: [zoneB] }],
      expected: [
        `overlays "a" and "b" disagree about the price of m99a.large, on-demand, in us-east-1b: 1 and 0.05, ${advice}`,
      ],
    },
    {
      fact: 'that mean the same price agree',
      overlays: [
        { requirements: [m99a], price: { type: 'set', value: 0.05 } },
        { requirements: [m99a], price: halfPrice },
      ],
      expected: [],
    },
    {
      fact: 'that speak of different zones agree',
      overlays: [
        { requirements: [zoneB], price: { type: 'set', value: 1 } },
        { requirements: [isIn('topology.kubernetes.io/zone', 'us-east-1a')], price: halfPrice },
      ],
      expected: [],
    },
    {
      fact: 'that speak of different things agree',
      overlays: [{ available: false }, { price: halfPrice }],
      expected: [],
    },
    {
      fact: 'that a heavier one overrules need not agree',
      overlays: [{ available: false }, { available: true }, { weight: 8, available: true }],
      expected: [],
    },
    {
      fact: 'may not give and take away',
      overlays: [{ requirements: [m99a, zoneB], available: false }, { available: true }],
      expected: [
        `overlays "a" and "b" disagree about whether there is m99a.large, on-demand, in us-east-1b: false and true, ${advice}`,
      ],
    },
    {
      fact: 'may not name two prices of spot',
      overlays: [{ spotPrice: halfPrice }, { requirements: [m99a], spotPrice: { type: 'set', value: 0.02 } }],
      expected: [
        `overlays "a" and "b" disagree about the price of m99a.large, spot, in us-east-1a: 0.05 and 0.02, ${advice}`,
      ],
    },
    {
      fact: 'may not name two capacities',
      overlays: [
        { requirements: [m99a], capacity: { 'example.com/fpga': { type: 'set', value: 1 } } },
        { capacity: { 'example.com/fpga': { type: 'set', value: 2 } } },
      ],
      expected: [`overlays "a" and "b" disagree about example.com/fpga of m99a.large: 1 and 2, ${advice}`],
    },
    {
      fact: 'are told once for each two of them and what it is about',
      overlays: [
        { price: { type: 'set', value: 1 }, available: true },
        { price: { type: 'set', value: 2 }, requirements: [m99a] },
        { price: { type: 'set', value: 3 }, available: false, requirements: [isIn('kubernetes.io/arch', 'arm64')] },
      ],
      expected: [
        `overlays "a" and "b" disagree about the price of m99a.large, on-demand, in us-east-1a: 1 and 2, ${advice}`,
        `overlays "a" and "c" disagree about the price of c99g.large, on-demand, in us-east-1a: 1 and 3, ${advice}`,
        `overlays "a" and "c" disagree about whether there is c99g.large, on-demand, in us-east-1a: true and false, ${advice}`,
      ],
    },
  ] satisfies readonly { fact: string; overlays: readonly Partial<Overlay>[]; expected: readonly string[] }[]) {
    test(fact, () => assert.deepEqual(problems(...overlays), expected))
  }
})

test('types are not changed where they stand', () => {
  const before = structuredClone(types)

  overlaid([overlay({ price: halfPrice, spotPrice: halfPrice, available: false, capacity: { memory: halfPrice } })])

  assert.deepEqual(types, before)
})

describe('whatever overlays say', () => {
  const change = fc.oneof(
    fc.record({ type: fc.constant('set' as const), value: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ type: fc.constant('scale' as const), factor: fc.constantFrom(0, 0.5, 2) }),
  )
  const requirement = fc.constantFrom<NodeRequirement>(
    m99a,
    zoneB,
    isIn('karpenter.sh/capacity-type', 'spot'),
    { key: 'karpenter.k8s.aws/instance-cpu', operator: 'Gt', values: ['2'] },
    { key: 'kubernetes.io/arch', operator: 'NotIn', values: ['arm64'] },
  )
  const said = fc.record(
    {
      weight: fc.integer({ min: 0, max: 3 }),
      requirements: fc.uniqueArray(requirement, { maxLength: 2 }),
      price: change,
      spotPrice: change,
      available: fc.boolean(),
      capacity: fc.dictionary(fc.constantFrom('memory', 'example.com/fpga'), change, { maxKeys: 2 }),
    },
    { requiredKeys: ['weight', 'requirements', 'capacity'] },
  )
  const some = fc
    .array(said, { maxLength: 5 })
    .map((list) => list.map((members, at) => overlay({ name: `o${at}`, ...members })))

  test('their order does not count', () => {
    fc.assert(
      fc.property(some, (overlays) => {
        const [there, back] = [overlayTypes(types, overlays), overlayTypes(types, overlays.toReversed())]

        assert.equal(there.type, back.type)
        if (there.type === 'overlaid' && back.type === 'overlaid') assert.deepEqual(there.types, back.types)
      }),
    )
  })

  test('every place has one price for each capacity type, and no price or amount is negative', () => {
    fc.assert(
      fc.property(some, (overlays) => {
        const result = overlayTypes(types, overlays)
        for (const { offerings, capacity, allocatable } of result.type === 'overlaid' ? result.types : []) {
          const places = offerings.map(({ zone, capacityType }) => `${zone} ${capacityType}`)
          assert.equal(new Set(places).size, places.length)
          const amounts = [capacity, allocatable].flatMap((resources) => Object.values(resources))
          assert.ok(
            [...offerings.map(({ priceUsdPerHour }) => priceUsdPerHour), ...amounts].every((value) => value >= 0),
          )
        }
      }),
    )
  })
})
