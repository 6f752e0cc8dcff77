import type { z } from 'zod'
import { ChartValues } from './values.ts'
import { type ValueNode, valueNodeFrom } from './value-node.ts'

interface Rule {
  readonly when: ValueNode
  readonly expect: ValueNode
}

/** What goes together: each names the value that is wrong. */
const RULES: readonly Rule[] = [
  {
    // Two operators without a lease would write to AWS at the same time.
    when: { properties: { leaderElect: { const: false } }, required: ['leaderElect'] },
    expect: { properties: { replicas: { maximum: 1 } } },
  },
  {
    // A Role in a namespace cannot let the operator read the uid of kube-system, nor watch all namespaces.
    when: { properties: { rbac: { properties: { scope: { const: 'Namespaces' } }, required: ['scope'] } } },
    expect: { required: ['installationId'], properties: { namespaces: { minItems: 1 } } },
  },
  {
    // Two monitors would count everything twice.
    when: { properties: { serviceMonitor: { properties: { enabled: { const: true } }, required: ['enabled'] } } },
    expect: { properties: { podMonitor: { properties: { enabled: { const: false } } } } },
  },
]

/** `values.schema.json` of the chart `longshore`: Helm refuses what does not fit and names the value. */
export function valuesSchema(): object {
  // JSON Schema's own word, out of the way of promises.
  const allOf = RULES.map(({ when, expect }) => Object.fromEntries([['if', when] as const, ['then', expect] as const]))
  return { ...draft7(ChartValues, 'Values of the chart longshore'), allOf }
}

/** A schema file of a chart. */
export function draft7(values: z.ZodType, title: string): object {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...valueNodeFrom(values) }
}
