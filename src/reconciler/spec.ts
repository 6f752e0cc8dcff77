import type { Block } from '../core/plan.ts'
import type { AnyKind } from './kind.ts'

export type ParsedSpec =
  { readonly type: 'valid'; readonly spec: unknown } | { readonly type: 'invalid'; readonly blocks: readonly Block[] }

/**
 * Parses a spec at the border. The API server has checked it against the CRD already; this catches objects that were
 * stored before the schema became stricter.
 */
export function parseSpec(kind: AnyKind, spec: unknown): ParsedSpec {
  const parsed = kind.schema.spec.safeParse(spec ?? {})
  if (parsed.success) return { type: 'valid', spec: parsed.data }
  const blocks = parsed.error.issues.map(({ path, message }): Block => {
    const field = ['spec', ...path.map(String)].join('.')
    return { reason: 'InvalidSpec', message: `${field}: ${message}`, field }
  })
  return { type: 'invalid', blocks }
}
