import type { z } from 'zod'
import type { AnyKind, PrinterColumn } from '../../src/reconciler/kind.ts'
import { CommonStatus, UNSEEN_GENERATION } from '../../src/reconciler/schema/common-status.ts'
import { emitSchema } from './emit.ts'
import { structuralProblems, zodProblems } from './problems.ts'
import type { SchemaNode } from './schema-node.ts'
import { structuralFrom } from './structural.ts'

const GROUP = 'longshore.dev'
const VERSION = 'v1alpha1'
/** Client-side apply keeps the whole object in an annotation, and annotations end at 256 KiB. */
const MAX_BYTES = 256 * 1024

export type CrdKind = Pick<AnyKind, 'kind' | 'presentation' | 'schema'>

/** An apiextensions.k8s.io/v1 CustomResourceDefinition, as plain data. */
export type Crd = ReturnType<typeof customResource>

/**
 * The CRD of a kind. Errors: one `Error` whose message lists, a line each, every field that a CRD cannot express or the
 * API server would refuse, by its path.
 */
export function crdFrom(kind: CrdKind): Crd {
  const crd = customResource(kind, specSchema(kind), statusSchema(kind))
  if (JSON.stringify(crd).length <= MAX_BYTES) return crd
  throw new Error(`${kind.kind} makes a CRD of more than ${MAX_BYTES} bytes, too large for client-side apply`)
}

/** The structural schema of the kind's spec. Errors: see `crdFrom`. */
export function specSchema({ kind, schema }: CrdKind): SchemaNode {
  return checkedSchema(kind, 'spec', schema.spec)
}

/** The structural schema of the common status and the kind's own. Errors: see `crdFrom`. */
export function statusSchema({ kind, schema }: CrdKind): SchemaNode {
  const common = checkedSchema(kind, 'status', CommonStatus.describe('What the operator saw and did last.'))
  const own = checkedSchema(kind, 'status', schema.status.describe('The status fields of this kind alone.'))
  const twice = Object.keys(own.properties ?? {}).filter((name) => name in (common.properties ?? {}))
  if (twice.length > 0) throw new Error(`${kind}: status.${twice.join(', status.')} is part of every kind's status`)
  // A status grows from nothing, so none of its fields is required.
  const { required: _, description: __, ...rest } = own
  return { ...rest, ...common, properties: { ...common.properties, ...own.properties } }
}

function checkedSchema(kind: string, path: string, schema: z.ZodType): SchemaNode {
  const emitted = emitSchema(schema)
  refuse(kind, zodProblems(emitted, path))
  const structural = structuralFrom(emitted)
  refuse(kind, structuralProblems(structural, path))
  return structural
}

function refuse(kind: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.map((problem) => `${kind}: ${problem}`).join('\n'))
}

function customResource({ kind, presentation }: CrdKind, spec: SchemaNode, status: SchemaNode) {
  const { plural, singular, shortNames } = presentation
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      names: { kind, listKind: `${kind}List`, plural, singular, shortNames, categories: ['longshore', 'aws'] },
      scope: 'Namespaced',
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          additionalPrinterColumns: presentation.printerColumns.map(printerColumn),
          subresources: { status: {}, ...(presentation.scale && { scale: presentation.scale }) },
          schema: { openAPIV3Schema: objectSchema(presentation.description, spec, status) },
        },
      ],
    },
  }
}

function printerColumn({ name, type, jsonPath, priority, description }: PrinterColumn) {
  return { name, type, jsonPath, ...(priority && { priority }), ...(description !== undefined && { description }) }
}

function objectSchema(description: string, spec: SchemaNode, status: SchemaNode) {
  return {
    description,
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string', description: 'Version of the schema that the manifest follows.' },
      kind: { type: 'string', description: 'Kind of the object.' },
      metadata: { type: 'object' },
      spec,
      status: { ...status, default: { observedGeneration: UNSEEN_GENERATION } },
    },
  }
}
