import { readFile } from 'node:fs/promises'
import type { AnyKind } from '../../src/reconciler/kind.ts'
import type { KindCoverage } from '../../src/reconciler/coverage.ts'

/** A kind with what stands beside it in its folder. */
export interface KindSource {
  readonly kind: AnyKind
  readonly folder: string
  /** The text of its example.yaml. */
  readonly example: string
  readonly coverage: KindCoverage
}

/** `EcrRepository` → `ecr-repository`. */
export function folderOf(kind: string): string {
  return kind.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()
}

/** Reads a kind's folder. Errors: an `Error` when a file or the export `coverage` is missing. */
export async function readKindSource(kind: AnyKind, root: URL): Promise<KindSource> {
  const folder = folderOf(kind.kind)
  const at = new URL(`src/kinds/${folder}/`, root)
  const example = await readFile(new URL('example.yaml', at), 'utf8')
  const module: { coverage?: KindCoverage } = await import(new URL('coverage.ts', at).href)
  if (module.coverage === undefined) throw new Error(`src/kinds/${folder}/coverage.ts does not export coverage`)
  return { kind, folder, example, coverage: module.coverage }
}
