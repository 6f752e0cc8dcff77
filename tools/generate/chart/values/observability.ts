import * as z from 'zod'
import { ALERTS } from '../alerts.ts'
import { freeForm, span, texts } from './pieces.ts'

const monitor = (what: string) =>
  z
    .strictObject({
      enabled: z.boolean().default(false).describe('Whether there is one; its kind has to be installed.'),
      interval: span.default('30s').describe('How often to scrape.'),
      scrapeTimeout: span.default('10s').describe('How long to wait.'),
      labels: texts
        .default({})
        .describe('Labels that your Prometheus selects by.')
        .meta({ examples: [{ release: 'prometheus' }] }),
      relabelings: z.array(freeForm).default([]).describe('Before the scrape.'),
      metricRelabelings: z.array(freeForm).default([]).describe('After the scrape.'),
    })
    .prefault({})
    .describe(what)

/** What watches the operator; the kinds of Prometheus Operator, and Grafana's sidecar. */
export const observability = {
  serviceMonitor: monitor('A ServiceMonitor for Prometheus Operator. Not both this and the PodMonitor.'),
  podMonitor: monitor('A PodMonitor, where Services are not scraped.'),
  prometheusRule: z
    .strictObject({
      enabled: z.boolean().default(false).describe('Whether there is one; its kind has to be installed.'),
      labels: texts.default({}).describe('Labels that your Prometheus selects by.'),
      disabled: z
        .array(z.enum(ALERTS.map(({ alert }) => alert)))
        .default([])
        .describe('Alerts to leave out, by name; docs/operations.md tells what each means.'),
    })
    .prefault({})
    .describe('Alerts for Prometheus Operator; they need the ServiceMonitor or the PodMonitor.'),
  dashboard: z
    .strictObject({
      enabled: z.boolean().default(false).describe('Whether there is one.'),
      labels: texts.default({ grafana_dashboard: '1' }).describe("Labels that Grafana's sidecar selects by."),
      annotations: texts.default({}).describe('Annotations, such as the folder for the sidecar.'),
    })
    .prefault({})
    .describe('A ConfigMap with a dashboard for Grafana.'),
}
