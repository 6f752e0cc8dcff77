import type { LifecycleRule } from './lifecycle-rules.ts'
import type { ImageState } from './state.ts'
import { wildcardPattern } from './wildcard.ts'

/** An image that a policy expires, and the priority of the rule that does it. */
export interface Expiry {
  readonly image: ImageState
  readonly priority: number
}

/**
 * Which images a policy expires now. An image belongs to the first rule, by priority, whose tag requirements it meets:
 * later rules count it but cannot expire it. Source: "How lifecycle policies work", ECR user guide.
 */
export function expiriesOf(
  rules: readonly LifecycleRule[],
  images: readonly ImageState[],
  nowMs: number,
): readonly Expiry[] {
  const claimed = new Set<ImageState>()
  const expiries: Expiry[] = []
  for (const rule of rules) {
    const matching = images.filter((image) => matchesTags(image, rule))
    const expired = expiredBy(rule, matching, nowMs).filter((image) => !claimed.has(image))
    expiries.push(...expired.map((image) => ({ image, priority: rule.priority })))
    for (const image of matching) claimed.add(image)
  }
  return expiries
}

function matchesTags({ tags }: ImageState, { tagStatus, tagPatterns }: LifecycleRule): boolean {
  switch (tagStatus) {
    case 'any':
      return true
    case 'untagged':
      return tags.length === 0
    case 'tagged':
      return tagPatterns.every((pattern) => tags.some((tag) => wildcardPattern(pattern).test(tag)))
  }
}

const DAY_MS = 24 * 3600 * 1000

function expiredBy({ count }: LifecycleRule, images: readonly ImageState[], nowMs: number): readonly ImageState[] {
  switch (count.type) {
    case 'imageCountMoreThan':
      return images.toSorted((left, right) => right.pushedAtMs - left.pushedAtMs).slice(count.images)
    case 'sinceImagePushed':
      return images.filter((image) => nowMs - image.pushedAtMs > count.days * DAY_MS)
  }
}
