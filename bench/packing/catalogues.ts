import { instanceTypes } from '../../src/core/scheduling/catalogue/instance-types.ts'
import type { InstanceType as Known } from '../../src/core/scheduling/problem.ts'
import type { InstanceType } from '../../test/packing/documents.ts'
import { karpenterTypes } from './karpenter-types.ts'

/** The instance types that benchmarks choose from. */
export const CATALOGUES = {
  /** Those of Karpenter's own benchmark. */
  karpenter: karpenterTypes,
  /** amd64 types of the families c, m and r from generation 5, as the shipped catalogue has them. */
  cmr: () => documents(typesOf(CMR, Infinity).filter(isAmd64)),
  /** The same up to 32 vCPU, as many teams cap their nodes. */
  'cmr-32': () => documents(typesOf(CMR, 32_000).filter(isAmd64)),
  /** These families and those with GPUs, of both architectures. */
  general: () => documents(typesOf(WITH_GPU, Infinity)),
  'general-32': () => documents(typesOf(WITH_GPU, 32_000)),
} as const satisfies Readonly<Record<string, () => readonly InstanceType[]>>

export type CatalogueName = keyof typeof CATALOGUES

const CMR = /^[cmr][5-9](?!.*metal)/
const WITH_GPU = /^(?:[cmr][5-9]|g[4-9])(?!.*metal)/

function typesOf(families: RegExp, mostMillis: number): readonly Known[] {
  return instanceTypes().filter(({ name, capacity }) => families.test(name) && (capacity['cpu'] ?? 0) <= mostMillis)
}

function isAmd64({ labels }: Known): boolean {
  return labels['kubernetes.io/arch'] === 'amd64'
}

function documents(types: readonly Known[]): readonly InstanceType[] {
  return types.map(({ capacity, allocatable, ...type }) => ({
    ...type,
    capacity: quantities(capacity),
    allocatable: quantities(allocatable),
  }))
}

function quantities(amounts: Known['capacity']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(amounts).map(([resource, amount]) => [resource, resource === 'cpu' ? `${amount}m` : `${amount}`]),
  )
}
