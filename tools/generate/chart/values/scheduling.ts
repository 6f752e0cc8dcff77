import * as z from 'zod'
import { freeForm, podCount, texts } from './pieces.ts'

const spread = (topologyKey: string) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: 'ScheduleAnyway' as const,
})

/** Where pods run and how many may be away at once. */
export const scheduling = {
  podDisruptionBudget: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether there is one.'),
      maxUnavailable: podCount.default(1).describe('How many pods an eviction may take at once.'),
    })
    .prefault({})
    .describe('Keeps one pod while nodes are drained; with a single replica it holds up nobody.'),
  topologySpreadConstraints: z
    .array(
      z.strictObject({
        maxSkew: z.int().min(1),
        topologyKey: z.string().min(1),
        whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
        minDomains: z.int().min(1).optional(),
        nodeAffinityPolicy: z.enum(['Honor', 'Ignore']).optional(),
        nodeTaintsPolicy: z.enum(['Honor', 'Ignore']).optional(),
      }),
    )
    .default([spread('topology.kubernetes.io/zone'), spread('kubernetes.io/hostname')])
    .describe('How pods spread; the chart fills in which pods count.'),
  affinity: z
    .strictObject({
      nodeAffinity: freeForm.optional(),
      podAffinity: freeForm.optional(),
      podAntiAffinity: freeForm.optional(),
    })
    .default({})
    .describe('Affinity of the pods.'),
  tolerations: z
    .array(
      z.strictObject({
        key: z.string().optional(),
        operator: z.enum(['Exists', 'Equal', 'Lt', 'Gt']).optional(),
        value: z.string().optional(),
        effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
        tolerationSeconds: z.int().optional(),
      }),
    )
    .default([])
    .describe('Taints that the pods bear.'),
  nodeSelector: texts.default({}).describe('Labels of nodes that will do.'),
  priorityClassName: z
    .string()
    .optional()
    .describe('Priority of the pods. Absent: the default.')
    .meta({ examples: ['system-cluster-critical'] }),
  strategy: z
    .strictObject({ type: z.enum(['RollingUpdate', 'Recreate']), rollingUpdate: freeForm.optional() })
    .default({ type: 'RollingUpdate' })
    .describe(
      'How a new version replaces the old one; the lease keeps them apart. Without leaderElect always Recreate.',
    ),
  revisionHistoryLimit: z.int().min(0).default(3).describe('Old ReplicaSets to keep.'),
}
