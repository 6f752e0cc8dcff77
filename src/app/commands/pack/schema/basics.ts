import * as z from 'zod'
import type { LabelSelector } from '../../../../core/label-selector.ts'
import { amountFrom } from '../../../../core/quantity.ts'

// The words of a complaint: "FIELD wants WORDS, not VALUE".
export const text = z.string('a text')
export const name = z.string('a name').min(1, 'a name')
export const flag = z.boolean('true or false')

/** A whole number, both ends included. */
export function whole(minimum: number, maximum: number): z.ZodNumber {
  const wants = `a whole number from ${minimum} to ${maximum}`
  return z.int(wants).min(minimum, wants).max(maximum, wants)
}

/** IntOrString of Kubernetes where it counts pods. */
export const shareOrCount = z.custom<string | number>(
  (value) => (typeof value === 'number' ? Number.isSafeInteger(value) && value >= 0 : isPercentage(value)),
  'a whole number or a percentage such as "25%"',
)

function isPercentage(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,3}%$/.test(value)
}

export function listOf<Element extends z.ZodType>(element: Element): z.ZodArray<Element> {
  return z.array(element, 'a list')
}

export function objectOf<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  // Kubernetes adds fields with every version: what is not listed is dropped, not refused.
  return z.object(shape, 'an object')
}

export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  const last = words.at(-1) ?? ''
  return z.enum(words, words.length === 1 ? last : `${words.slice(0, -1).join(', ')} or ${last}`)
}

export const labels = z.record(text, text, 'an object of texts')

const quantity = z.custom<string | number>(
  isAmount,
  'a Kubernetes quantity that is not negative, such as 500m, 2 or 8Gi',
)

function isAmount(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && (amountFrom('pods', value) ?? -1) >= 0
}

/** `{ "cpu": "500m", "memory": "1Gi" }`. */
export const resourceList = z.record(text, quantity, 'an object of quantities')

const LABEL_OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const

export const labelSelector = objectOf({
  matchLabels: labels.exactOptional(),
  matchExpressions: listOf(
    objectOf({
      key: name,
      operator: oneOf(...LABEL_OPERATORS),
      values: listOf(text).exactOptional(),
    }).refine(hasValues, { path: ['values'], error: 'at least one value for In and NotIn' }),
  ).exactOptional(),
}) satisfies z.ZodType<LabelSelector>

/** In and NotIn compare with something; the other operators of label selectors do not. */
export function hasValues({ operator, values = [] }: Comparison): boolean {
  return (operator !== 'In' && operator !== 'NotIn') || values.length > 0
}

interface Comparison {
  readonly operator: string
  readonly values?: readonly string[]
}

/** Gt and Lt compare with one whole number. */
export function hasNumber({ operator, values = [] }: Comparison): boolean {
  return !/^(Gt|Lt)e?$/.test(operator) || (values.length === 1 && /^-?\d+$/.test(values[0] ?? ''))
}

export const nodeRequirement = objectOf({
  key: name,
  operator: oneOf(...LABEL_OPERATORS, 'Gt', 'Lt'),
  values: listOf(text).exactOptional(),
})
  .refine(hasValues, { path: ['values'], error: 'at least one value for In and NotIn' })
  .refine(hasNumber, { path: ['values'], error: 'one whole number for Gt and Lt' })

export const taint = objectOf({
  key: name,
  value: text.exactOptional(),
  effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
})
