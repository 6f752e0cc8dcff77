import { canonicalJson } from '../../core/hash.ts'

// Where IAM's grammar allows one string in place of a list ("IAM JSON policy language grammar").
const LIST_MEMBERS = new Set([
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'AWS',
  'Service',
  'Federated',
  'CanonicalUser',
])

/** Text that is equal for policies that mean the same although they are written differently; undefined: no JSON object. */
export function canonicalPolicy(text: string): string | undefined {
  const document = parsed(text)
  return document && canonicalJson(normalised(document))
}

/** The same for lifecycle policies, where rules apply by priority, not by their place in the list. */
export function canonicalLifecyclePolicy(text: string): string | undefined {
  const document = parsed(text)
  const rules = document?.['rules']
  if (!Array.isArray(rules)) return document && canonicalJson(document)
  return canonicalJson({ ...document, rules: rules.map(canonicalJson).toSorted() })
}

export function isJsonObject(text: string): boolean {
  return parsed(text) !== undefined
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    // The caller says so to the user; where in the text matters little.
    return undefined
  }
}

function normalised(value: unknown, member = ''): unknown {
  if (LIST_MEMBERS.has(member))
    return listOf(value)
      .map((element) => canonicalJson(normalisedText(element)))
      .toSorted()
  if (member === 'Statement') return listOf(value).map((statement) => normalised(statement))
  if (Array.isArray(value)) return value.map((element) => normalised(element))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normalised(inner, key)]))
}

// "AWS JSON policy elements: Principal": an account may be written as its id or as the ARN of its root; AWS keeps the ARN.
function normalisedText(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return /^arn:[^:]+:iam::(\d{12}):root$/.exec(value)?.[1] ?? value
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
