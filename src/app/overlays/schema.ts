import * as z from 'zod'
import { Failure } from '../../core/failure.ts'
import { amountFrom } from '../../core/quantity.ts'
import { OFFERING_KEYS } from '../../core/scheduling/overlays/matching.ts'
import type { Change, Overlay } from '../../core/scheduling/overlays/overlay.ts'

// What overlays say in a file. The words of a complaint: "FIELD wants WORDS, not VALUE".

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] as const

interface Comparison {
  readonly operator: (typeof OPERATORS)[number]
  readonly values: readonly string[]
}

/** What an operator wants to be compared with; undefined: it has that. */
function missingValues({ operator, values }: Comparison): string | undefined {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? undefined : `at least one value for ${operator}`
    case 'Gt':
    case 'Lt':
      return values.length === 1 && /^-?\d+$/.test(values[0] ?? '') ? undefined : `one whole number for ${operator}`
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0 ? undefined : `no values for ${operator}`
  }
}

const requirement = z
  .strictObject(
    {
      key: z.string('a label').min(1, 'a label'),
      operator: z.enum(OPERATORS, 'In, NotIn, Exists, DoesNotExist, Gt or Lt'),
      // YAML reads 8 as a number; labels are texts.
      values: z.array(z.union([z.string(), z.number()], 'a text').transform(String), 'a list of texts').default([]),
    },
    'an object with key, operator and values',
  )
  .superRefine((comparison, context) => {
    const message = missingValues(comparison)
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['values'], message })
  })

/** A number that may be written as a text, or a text that may look like a number. */
function written(wants: string, changeFrom: (text: string) => Change | undefined, textFrom = plainText) {
  return z.union([z.string(), z.number()], wants).transform((value, context) => {
    const change = changeFrom(textFrom(value))
    if (change !== undefined) return change
    context.addIssue({ code: 'custom', message: wants })
    return z.NEVER
  })
}

function plainText(value: string | number): string {
  return String(value)
}

/** YAML loses the sign of +1. */
function signedText(value: string | number): string {
  return typeof value === 'number' && value >= 0 ? `+${value}` : String(value)
}

/** `0.0864`. */
function priceChange(text: string): Change | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? { type: 'set', value: Number(text) } : undefined
}

/** `35%` of the price on demand, or USD. */
function spotChange(text: string): Change | undefined {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? []
  return percent === undefined ? priceChange(text) : { type: 'scale', factor: Number(percent) / 100 }
}

/** `-28%`, `+0.01`. */
function priceAdjustment(text: string): Change | undefined {
  return shareAdjustment(text) ?? (/^[+-]\d+(\.\d+)?$/.test(text) ? { type: 'add', value: Number(text) } : undefined)
}

/** `-28%`, `+5%`: more or less by a part of it, never by more than all. */
function shareAdjustment(text: string): Change | undefined {
  const [, percent] = /^([+-]\d+(?:\.\d+)?)%$/.exec(text) ?? []
  const factor = (100 + Number(percent)) / 100
  return percent === undefined || factor < 0 ? undefined : { type: 'scale', factor }
}

/** `8Gi`. No resource that overlays may change is counted in thousandths. */
function amountChange(text: string): Change | undefined {
  const value = amountFrom('', text)
  return value === undefined || value < 0 ? undefined : { type: 'set', value }
}

/** `-5%`, `-512Mi`. */
function amountAdjustment(text: string): Change | undefined {
  const value = /^[+-]/.test(text) ? amountFrom('', text) : undefined
  return shareAdjustment(text) ?? (value === undefined ? undefined : { type: 'add', value })
}

const RESOURCES = 'memory, ephemeral-storage or an extended resource such as nvidia.com/gpu'

/** CPU and pods are not for overlays: what kubelet reserves depends on them. */
function resourcesOf(change: z.ZodType<Change>) {
  return z
    .record(z.string(), change, 'an object of resources')
    .superRefine((resources, context) => {
      for (const name of Object.keys(resources)) {
        if (/^(memory|ephemeral-storage)$|\//.test(name)) continue
        context.addIssue({ code: 'custom', path: [name], message: `to be ${RESOURCES}` })
      }
    })
    .default({})
}

const PRICES = ['price', 'priceAdjustment', 'spotPrice'] as const

const overlay = z
  .strictObject(
    {
      name: z.string('a name').min(1, 'a name'),
      weight: z.int('a whole number from 0 to 10000').min(0).max(10_000).default(0),
      requirements: z.array(requirement, 'a list of requirements').default([]),
      price: written('USD an hour, such as 0.0864', priceChange).optional(),
      priceAdjustment: written('a change such as -28% or +0.01', priceAdjustment, signedText).optional(),
      spotPrice: written('a share of the on-demand price such as 35%, or USD an hour', spotChange).optional(),
      available: z.boolean('true or false').optional(),
      capacity: resourcesOf(written('a Kubernetes quantity such as 8Gi or 1', amountChange)),
      capacityAdjustment: resourcesOf(written('a change such as -5% or -512Mi', amountAdjustment, signedText)),
    },
    'an object',
  )
  .superRefine((said, context) => {
    for (const [path, message] of contradictions(said)) context.addIssue({ code: 'custom', path: [...path], message })
  })

interface Said extends Partial<Record<(typeof PRICES)[number], Change | undefined>> {
  readonly requirements: readonly { readonly key: string }[]
  readonly available?: boolean | undefined
  readonly capacity: Overlay['capacity']
  readonly capacityAdjustment: Overlay['capacity']
}

type Contradiction = readonly [path: readonly (string | number)[], wants: string]

/** What cannot be meant like this. */
function contradictions(said: Said): readonly Contradiction[] {
  const { requirements, available, capacity, capacityAdjustment } = said
  const prices = PRICES.filter((field) => said[field] !== undefined)
  const resources = [...Object.keys(capacity), ...Object.keys(capacityAdjustment)]
  return [
    ...(prices.length + resources.length === 0 && available === undefined
      ? [[[], `one of ${PRICES.join(', ')}, available, capacity and capacityAdjustment`] as const]
      : []),
    ...prices.slice(1).map((field) => [[field], `to be alone, without ${prices[0]}`] as const),
    ...Object.keys(capacityAdjustment)
      .filter((name) => name in capacity)
      .map((name) => [['capacityAdjustment', name], 'to be alone, without capacity'] as const),
    ...requirements.flatMap(({ key }, at) =>
      resources.length > 0 && OFFERING_KEYS.includes(key)
        ? [
            [
              ['requirements', at, 'key'],
              'a label of types: capacity is the same in every zone and capacity type',
            ] as const,
          ]
        : [],
    ),
  ]
}

const document = z.strictObject(
  {
    overlays: z.array(overlay, 'a list of overlays').superRefine((overlays, context) => {
      for (const [at, { name }] of overlays.entries()) {
        const earlier = overlays.findIndex((other) => other.name === name)
        if (earlier === at) continue
        context.addIssue({ code: 'custom', path: [at, 'name'], message: `another name than overlays[${earlier}] has` })
      }
    }),
  },
  'an object with overlays',
)

/**
 * The overlays of a document, as parsed from JSON or YAML; docs/instance-types.md says what may stand in it. Throws a
 * `Failure` with code `invalid` about the first thing that is wrong, in one sentence that names the field.
 */
export function overlaysFrom(value: unknown): readonly Overlay[] {
  const parsed = document.safeParse(value)
  if (parsed.success) return parsed.data.overlays.map(overlayFrom)
  throw new Failure('invalid', 'overlays', { message: complaint(parsed.error, value) })
}

function overlayFrom({ price, priceAdjustment, spotPrice, available, ...said }: z.output<typeof overlay>): Overlay {
  const { name, weight, requirements, capacity, capacityAdjustment } = said
  const change = price ?? priceAdjustment
  return {
    name,
    weight,
    requirements,
    ...(change && { price: change }),
    ...(spotPrice && { spotPrice }),
    ...(available !== undefined && { available }),
    capacity: { ...capacity, ...capacityAdjustment },
  }
}

function complaint(error: z.ZodError, value: unknown): string {
  const [issue] = error.issues
  const path = issue?.path ?? []
  if (issue?.code === 'unrecognized_keys') return `${fieldText([...path, issue.keys[0] ?? ''])} is no field of overlays`
  const found = path.reduce<unknown>((inner, part) => (isObject(inner) ? inner[part] : undefined), value)
  return `${fieldText(path)} wants ${issue?.message}, ${found === undefined ? 'but is missing' : `not ${JSON.stringify(found)}`}`
}

function isObject(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === 'object' && value !== null
}

function fieldText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the document'
  return path
    .map((part) =>
      typeof part === 'number'
        ? `[${part}]`
        : /^\w+$/.test(String(part))
          ? `.${String(part)}`
          : `[${JSON.stringify(part)}]`,
    )
    .join('')
    .replace(/^\./, '')
}
