import { isRecord } from '../../protocol/http.ts'
import { AwsFault } from '../../service.ts'
import { LEDGER } from './ledger.ts'

/** One rule of a lifecycle policy, in the order of evaluation. */
export interface LifecycleRule {
  readonly priority: number
  readonly tagStatus: 'tagged' | 'untagged' | 'any'
  /** An image matches when each of them fits one of its tags; prefixes are patterns that end with a wildcard. */
  readonly tagPatterns: readonly string[]
  readonly count: LifecycleCount
}

export type LifecycleCount =
  | { readonly type: 'imageCountMoreThan'; readonly images: number }
  | { readonly type: 'sinceImagePushed'; readonly days: number }

/**
 * Reads a lifecycle policy. Throws `InvalidParameterException`. Rules that move images to the archive, and those that
 * count from pulls, are refused: the simulator has no archive.
 * Source: "Lifecycle policy properties in Amazon ECR", ECR user guide.
 */
export function parseLifecyclePolicy(text: string): readonly LifecycleRule[] {
  const policy = parseJson(text)
  const rules: unknown = isRecord(policy) ? policy['rules'] : undefined
  if (!Array.isArray(rules) || rules.length === 0) throw invalid('rules must be a list with at least one rule')
  const parsed = rules.map(parseRule).toSorted((left, right) => left.priority - right.priority)
  checkOrder(parsed)
  return parsed
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('string is not valid JSON')
  }
}

function parseRule(raw: unknown, index: number): LifecycleRule {
  const path = `rules[${index}]`
  if (!isRecord(raw)) throw invalid(`${path} must be an object`)
  const { selection, action } = { selection: raw['selection'], action: raw['action'] }
  if (!isRecord(selection)) throw invalid(`${path}.selection is required`)
  if (!isRecord(action) || action['type'] !== 'expire') throw invalid(`${path}.action.type must be expire`)
  const tagStatus = oneOf(selection['tagStatus'], ['tagged', 'untagged', 'any'] as const, `${path}.selection.tagStatus`)
  const tagPatterns = tagPatternsFrom(selection, path)
  if ((tagStatus === 'tagged') !== tagPatterns.length > 0) {
    throw invalid(`${path}.selection: tagPrefixList or tagPatternList is required for tagged images, and only for them`)
  }
  return {
    priority: positive(raw['rulePriority'], `${path}.rulePriority`),
    tagStatus,
    tagPatterns,
    count: countFrom(selection, path),
  }
}

const MAX_WILDCARDS_PER_PATTERN = LEDGER.lifecyclePatternWildcardsMax.value

function tagPatternsFrom(selection: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const prefixes = textsFrom(selection['tagPrefixList'], `${path}.selection.tagPrefixList`)
  const patterns = textsFrom(selection['tagPatternList'], `${path}.selection.tagPatternList`)
  if (prefixes.length > 0 && patterns.length > 0)
    throw invalid(`${path}.selection: tagPrefixList and tagPatternList exclude each other`)
  if (patterns.some((pattern) => pattern.split('*').length - 1 > MAX_WILDCARDS_PER_PATTERN)) {
    throw invalid(`${path}.selection.tagPatternList: at most ${MAX_WILDCARDS_PER_PATTERN} wildcards in a pattern`)
  }
  return [...patterns, ...prefixes.map((prefix) => `${prefix}*`)]
}

function textsFrom(raw: unknown, path: string): readonly string[] {
  if (raw === undefined) return []
  if (Array.isArray(raw) && raw.every((element) => typeof element === 'string')) return raw
  throw invalid(`${path} must be a list of strings`)
}

function countFrom(selection: Readonly<Record<string, unknown>>, path: string): LifecycleCount {
  const type = oneOf(
    selection['countType'],
    ['imageCountMoreThan', 'sinceImagePushed'] as const,
    `${path}.selection.countType`,
  )
  const number = positive(selection['countNumber'], `${path}.selection.countNumber`)
  if (type === 'imageCountMoreThan') {
    if (selection['countUnit'] !== undefined) throw invalid(`${path}.selection.countUnit is only for sinceImagePushed`)
    return { type, images: number }
  }
  oneOf(selection['countUnit'], ['days'] as const, `${path}.selection.countUnit`)
  return { type, days: number }
}

function checkOrder(rules: readonly LifecycleRule[]): void {
  if (new Set(rules.map((rule) => rule.priority)).size !== rules.length) throw invalid('rulePriority must be unique')
  const anyIndex = rules.findIndex((rule) => rule.tagStatus === 'any')
  if (anyIndex >= 0 && anyIndex !== rules.length - 1)
    throw invalid('the rule with tagStatus any must have the highest rulePriority')
}

function oneOf<T extends string>(raw: unknown, allowed: readonly T[], path: string): T {
  const found = allowed.find((candidate) => candidate === raw)
  if (found === undefined) throw invalid(`${path} must be one of ${allowed.join(', ')}`)
  return found
}

function positive(raw: unknown, path: string): number {
  if (typeof raw === 'number' && Number.isInteger(raw) && raw > 0) return raw
  throw invalid(`${path} must be a whole number above 0`)
}

function invalid(reason: string): AwsFault {
  return new AwsFault(
    'InvalidParameterException',
    `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${reason}'`,
  )
}
