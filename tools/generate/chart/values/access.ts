import * as z from 'zod'
import { peer, port, texts } from './pieces.ts'

export const aws = z
  .strictObject({
    region: z
      .string()
      .regex(/^[a-z]{2,}(-[a-z]+)+-\d$/)
      .optional()
      .describe('AWS_REGION. Absent: what EKS injects with IRSA or Pod Identity; elsewhere it has to be set.')
      .meta({ examples: ['eu-central-1'] }),
    endpoint: z
      .string()
      .regex(/^https?:\/\/[^/\s]+\/?$/)
      .optional()
      .describe('AWS_ENDPOINT_URL, for trials without AWS; the NetworkPolicy lets its port out.')
      .meta({ examples: ['http://longshore-simulator.trial:4566'] }),
    httpsProxy: z
      .string()
      .regex(/^https?:\/\/[^/\s]+\/?$/)
      .optional()
      .describe(
        'HTTPS_PROXY: calls to AWS go through it, and the NetworkPolicy lets its port out. With a password in it, take extraEnv and a Secret instead.',
      )
      .meta({ examples: ['http://proxy.example.com:3128'] }),
    noProxy: z
      .string()
      .optional()
      .describe('NO_PROXY: hosts of AWS that are reached without the proxy, such as VPC endpoints.')
      .meta({ examples: ['.vpce.amazonaws.com'] }),
    podIdentity: z
      .boolean()
      .default(false)
      .describe('Whether credentials come from EKS Pod Identity: lets the NetworkPolicy out to its agent on the node.'),
    credentials: z
      .strictObject({
        secretName: z
          .string()
          .min(1)
          .optional()
          .describe("Secret in the release's namespace with static keys, for trials. Absent: IRSA or Pod Identity.")
          .meta({ examples: ['longshore-aws'] }),
        accessKeyIdKey: z.string().min(1).default('AWS_ACCESS_KEY_ID').describe('Its key with the access key id.'),
        secretAccessKeyKey: z.string().min(1).default('AWS_SECRET_ACCESS_KEY').describe('Its key with the secret.'),
        sessionTokenKey: z
          .string()
          .min(1)
          .default('AWS_SESSION_TOKEN')
          .describe('Its key with the session token, which may be missing.'),
      })
      .prefault({})
      .describe('Static credentials.'),
  })
  .prefault({})
  .describe('Where AWS is and who we are to it.')

export const serviceAccount = z
  .strictObject({
    create: z.boolean().default(true).describe('Whether the chart makes it.'),
    name: z
      .string()
      .min(1)
      .optional()
      .describe('Absent: the name of the release; with create off: default.')
      .meta({ examples: ['longshore'] }),
    annotations: texts
      .default({})
      .describe('IRSA: eks.amazonaws.com/role-arn. Pod Identity needs none.')
      .meta({ examples: [{ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/longshore' }] }),
  })
  .prefault({})
  .describe('Who the pods are to Kubernetes, and by IRSA to AWS.')

export const rbac = z
  .strictObject({
    create: z.boolean().default(true).describe('Whether the chart makes roles and bindings.'),
    scope: z
      .enum(['Cluster', 'Namespaces'])
      .default('Cluster')
      .describe(
        'Cluster: one ClusterRole. Namespaces: a Role in each of `namespaces`, and `installationId` has to be set.',
      ),
    aggregate: z
      .boolean()
      .default(true)
      .describe("Whether Kubernetes' own roles view, edit and admin are to cover our kinds."),
  })
  .prefault({})
  .describe('What the operator may do in Kubernetes.')

export const networkPolicy = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether there is one.'),
    kubernetesPorts: z
      .array(port)
      .default([6443])
      .describe(
        'Ports of the API server, as pods reach it behind its Service, beside 443: 6443 with kubeadm, kind or k3s. EKS needs none.',
      ),
    metricSources: z
      .array(z.strictObject({ to: z.array(peer).min(1), port }))
      .default([])
      .describe('Where metrics are read from that are not AWS (a Prometheus, say).')
      .meta({
        examples: [
          [
            {
              to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
              port: 9090,
            },
          ],
        ],
      }),
    scrapeFrom: z.array(peer).default([]).describe('Who may read the metrics. Empty: every pod that can reach them.'),
  })
  .prefault({})
  .describe(
    'Lets out DNS, HTTPS to AWS, the API server and what is configured here; lets in the port of health and metrics.',
  )
