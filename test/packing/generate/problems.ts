import fc from 'fast-check'
import type { PackInput } from '../documents.ts'
import { documentFrom } from './document.ts'
import { problemWords } from './words.ts'

/** Problems over everything that the format can say, of up to 60 pods. */
export const problems: fc.Arbitrary<PackInput> = fc.oneof(
  { weight: 2, arbitrary: problemsUpTo({ types: 4, pools: 2, groups: 3, replicas: 4, nodes: 2, zones: 3 }) },
  { weight: 3, arbitrary: problemsUpTo({ types: 8, pools: 3, groups: 6, replicas: 8, nodes: 4, zones: 3 }) },
  { weight: 1, arbitrary: problemsUpTo({ types: 12, pools: 3, groups: 10, replicas: 14, nodes: 5, zones: 3 }) },
)

/** Problems that can be tried out in full. */
export const tinyProblems: fc.Arbitrary<PackInput> = problemsUpTo({
  types: 3,
  pools: 2,
  groups: 3,
  replicas: 2,
  nodes: 1,
  zones: 2,
}).filter(({ pods }) => pods.filter(({ spec }) => spec.nodeName === undefined).length <= 6)

function problemsUpTo(size: Parameters<typeof problemWords>[0]): fc.Arbitrary<PackInput> {
  return problemWords(size).map(documentFrom)
}
