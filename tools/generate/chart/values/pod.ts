import * as z from 'zod'
import { freeForm, quantities, texts } from './pieces.ts'

/** What runs: the image and how many of it. */
export const image = z
  .strictObject({
    repository: z.string().min(1).default('longshore').describe('Registry and name of the image.'),
    tag: z
      .string()
      .regex(/^[\w][\w.-]{0,127}$/)
      .optional()
      .describe("Absent: the chart's appVersion.")
      .meta({ examples: ['0.1.0'] }),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .optional()
      .describe('Pins the content, whatever the tag says.')
      .meta({ examples: [`sha256:${'0'.repeat(64)}`] }),
    pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent').describe('When to pull.'),
    pullSecrets: z
      .array(z.strictObject({ name: z.string().min(1) }))
      .default([])
      .describe('Secrets of the registry.'),
  })
  .prefault({})
  .describe('The image of the operator.')

export const replicas = z
  .int()
  .min(0)
  .max(10)
  .default(2)
  .describe('Pods of the operator: one leads, the others stand by with full stores.')

export const resources = z
  .strictObject({
    requests: quantities.default({ cpu: '100m', memory: '128Mi' }).describe('What a pod is sure to get.'),
    limits: quantities.default({ memory: '512Mi' }).describe('What it may take; its heap is kept below by itself.'),
  })
  .prefault({})
  .describe('A limit on CPU would endanger the lease. 512Mi are enough for 10,000 objects.')

const probe = (periodSeconds: number, failureThreshold: number, what: string) =>
  z
    .strictObject({
      periodSeconds: z.int().min(1).max(600).default(periodSeconds).describe('How often to ask.'),
      timeoutSeconds: z.int().min(1).max(60).default(5).describe('How long to wait for the answer.'),
      failureThreshold: z.int().min(1).max(600).default(failureThreshold).describe('How many failures in a row count.'),
    })
    .prefault({})
    .describe(what)

export const probes = z
  .strictObject({
    startup: probe(2, 60, 'Until the operator answers at all.'),
    liveness: probe(10, 3, '/healthz fails when a worker is stuck, which only a new process mends.'),
    readiness: probe(5, 2, '/readyz also fails while stores are not full or have no news from the API server.'),
  })
  .prefault({})
  .describe('Probes of the operator.')

export const podSecurityContext = freeForm
  .default({
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    fsGroup: 65532,
    seccompProfile: { type: 'RuntimeDefault' },
  })
  .describe(
    'As the restricted Pod Security Standard demands. OpenShift: set runAsUser, runAsGroup and fsGroup to null.',
  )

export const securityContext = freeForm
  .default({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
  .describe('Of the container; also as the restricted Pod Security Standard demands.')

/** Everything else that people add to pods. */
export const additions = {
  extraArgs: z
    .array(z.string())
    .default([])
    .describe('Flags of the operator after its settings.')
    .meta({ examples: [['--workers=32']] }),
  extraEnv: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z_][\w.-]*$/),
        value: z.string().optional(),
        valueFrom: freeForm.optional(),
      }),
    )
    .default([])
    .describe('Environment variables, such as NODE_EXTRA_CA_CERTS.'),
  extraEnvFrom: z.array(freeForm).default([]).describe('ConfigMaps and Secrets whose keys become variables.'),
  extraVolumes: z
    .array(z.looseObject({ name: z.string().min(1) }))
    .default([])
    .describe('Volumes of the pod.'),
  extraVolumeMounts: z
    .array(z.looseObject({ name: z.string().min(1), mountPath: z.string().min(1) }))
    .default([])
    .describe('Where the container sees them.'),
  labels: texts.default({}).describe('Labels of every object of the chart.'),
  annotations: texts.default({}).describe('Annotations of the Deployment.'),
  podLabels: texts.default({}).describe('Labels of the pods.'),
  podAnnotations: texts.default({}).describe('Annotations of the pods.'),
}
