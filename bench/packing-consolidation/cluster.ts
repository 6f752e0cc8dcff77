import { createDocumentReader, readDocument } from '../../src/app/commands/pack/document-reader.ts'
import { createProblemReader } from '../../src/app/commands/pack/problem-reader.ts'
import type {
  Consolidation,
  ConsolidationOptions,
  ConsolidationProblem,
} from '../../src/core/scheduling/consolidation/consolidation.ts'
import { consolidate } from '../../src/core/scheduling/consolidation/consolidate.ts'
import { afterChange } from '../../src/core/scheduling/consolidation/later-state.ts'
import { packPods } from '../../src/core/scheduling/pack.ts'
import type { Plan } from '../../src/core/scheduling/problem.ts'
import { CATALOGUES, type CatalogueName } from '../packing/catalogues.ts'
import { randomStream } from '../packing/random.ts'
import type { Workload } from '../packing/workload.ts'

/** A problem as the program has it once it is read, from a mix of the benchmarks. */
function problemOf({ pods, ...workload }: Workload, catalogue: CatalogueName): ConsolidationProblem {
  const reader = createProblemReader()
  const ownerReferences = [{ kind: 'ReplicaSet', name: 'bench', controller: true }]
  const owned = pods.map((pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences } }))
  const document = { ...workload, pods: owned, instanceTypes: CATALOGUES[catalogue]() }
  readDocument(document, createDocumentReader(reader, undefined))
  const { problem } = reader.finish()
  return { ...problem, instanceTypes: problem.instanceTypes ?? [] }
}

/** The cluster that a plan makes, with a share of its pods gone at random. */
export function thinnedCluster(
  workload: Workload,
  catalogue: CatalogueName,
  options: ConsolidationOptions,
  seed: number,
): ConsolidationProblem {
  const empty = problemOf(workload, catalogue)
  const { newNodes, existing } = packPods(empty, options)
  const full = afterChange(empty, { remove: new Set(), add: newNodes, existing })
  const random = randomStream(seed)
  const bound = full.pods.filter(({ spec }) => (spec.nodeName ?? '') !== '')
  return { ...full, pods: bound.filter(() => random() >= 0.4) }
}

/** The same pods on no nodes at all: the cheapest they could be. */
export function packedAnew(problem: ConsolidationProblem, options: ConsolidationOptions): Plan {
  const pods = problem.pods.map((pod) => ({ ...pod, spec: { ...pod.spec, nodeName: '' } }))
  return packPods({ ...problem, nodes: [], pods }, options)
}

/** One round of moves, and the cluster after it. */
export function nextRound(problem: ConsolidationProblem, options: ConsolidationOptions) {
  const result: Consolidation = consolidate(problem, options)
  let next = problem
  for (const { remove, add, existing } of result.moves) {
    next = afterChange(next, { remove: new Set(remove), add, existing })
  }
  return { result, next }
}
