import * as z from 'zod'

/** Text of at least one and at most `max` characters. */
export function text(max: number) {
  return z.string().min(1).max(max)
}

/** An IAM role by its ARN; partitions differ, so only the shape is checked. */
export const RoleArn = text(2048).regex(/^arn:[a-z0-9-]+:iam::[0-9]{12}:role\/.+$/)

/** Name of a container, a family or a service in ECS (ECS API reference: letters, digits, underscores, hyphens). */
export const EcsName = text(255).regex(/^[A-Za-z0-9_-]+$/)

/** Makes a list of objects one that is merged by this key; the API server refuses duplicates. */
export function keyedBy(...keys: readonly string[]) {
  return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys }
}

/** Makes a list of plain values a set; the API server refuses duplicates. */
export const asSet = { 'x-kubernetes-list-type': 'set' }

interface Rule {
  readonly rule: string
  readonly message: string
  readonly fieldPath?: string
}

/** Attaches CEL rules, which the API server checks. */
export function rules(...list: readonly Rule[]) {
  return { 'x-kubernetes-validations': list }
}
