import {
  clusterSuite,
  cpuHeavy,
  gpuMix,
  logNormal,
  manyTiny,
  memoryHeavy,
  mixedArchitectures,
  sixLarge,
  statefulSets,
  webAndBatch,
  zoneSpread,
} from './everyday-mixes.ts'
import { benchmarkShapes, karpenterDiverse, karpenterPreferences } from './karpenter-mixes.ts'
import type { Workload } from './workload.ts'

/** So many pods to place and nothing that runs yet: the same for the same size and seed. */
export type Mix = (pods: number, seed: number) => Workload

/** The workloads of benchmarks, by name: those of Karpenter's own benchmark, and what clusters look like. */
export const MIXES: Readonly<Record<string, Mix>> = {
  'karpenter-diverse': karpenterDiverse,
  'karpenter-preferences': karpenterPreferences,
  'benchmark-shapes': benchmarkShapes,
  'cluster-suite': clusterSuite,
  'log-normal': logNormal,
  'six-large': sixLarge,
  'memory-heavy': memoryHeavy,
  'cpu-heavy': cpuHeavy,
  'many-tiny': manyTiny,
  gpu: gpuMix,
  'zone-spread': zoneSpread,
  'stateful-sets': statefulSets,
  'mixed-architectures': mixedArchitectures,
  'web-and-batch': webAndBatch,
}
