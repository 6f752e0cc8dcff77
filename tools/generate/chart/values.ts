import * as z from 'zod'
import { aws, networkPolicy, rbac, serviceAccount } from './values/access.ts'
import { observability } from './values/observability.ts'
import { freeForm } from './values/pieces.ts'
import { additions, image, podSecurityContext, probes, replicas, resources, securityContext } from './values/pod.ts'
import { scheduling } from './values/scheduling.ts'
import { settings } from './values/settings.ts'

const crds = z
  .strictObject({
    install: z.boolean().default(true).describe('Whether this chart brings the CRDs; off when longshore-crds does.'),
    keep: z.boolean().default(true).describe('Whether they, and with them all our objects, outlive the release.'),
  })
  .prefault({})
  .describe('The CustomResourceDefinitions.')

const naming = {
  fullnameOverride: z
    .string()
    .regex(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/)
    .optional()
    .describe("Name of everything. Absent: the release's, with the chart's name where that is not part of it.")
    .meta({ examples: ['longshore'] }),
  // Helm hands it to every chart that is part of another one.
  global: freeForm.optional().describe('Not used; Helm fills it in below an umbrella chart.'),
}

/** Values by topic: the order and the headings of values.yaml and of the README. */
export const TOPICS = {
  'What runs': { image, replicas, resources },
  AWS: { aws },
  Settings: settings,
  CRDs: { crds },
  'Rights and network': { serviceAccount, rbac, networkPolicy },
  'Where it runs': scheduling,
  'How it runs': { probes, podSecurityContext, securityContext },
  'Who watches it': observability,
  'What you add': { ...additions, ...naming },
} as const

/** Everything that the chart `longshore` takes. */
export const ChartValues = z.strictObject({
  ...TOPICS['What runs'],
  ...TOPICS.AWS,
  ...TOPICS.Settings,
  ...TOPICS.CRDs,
  ...TOPICS['Rights and network'],
  ...TOPICS['Where it runs'],
  ...TOPICS['How it runs'],
  ...TOPICS['Who watches it'],
  ...TOPICS['What you add'],
})
