import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Kubectl } from '../../tools/control-plane/kubectl.ts'
import { folderOf } from '../../tools/generate/kind-source.ts'

/** A custom resource as a test writes it. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly spec: Readonly<Record<string, unknown>>
}

/** The example of a kind (`EcrRepository`), in `namespace`. */
export async function exampleOf(kind: string, namespace: string): Promise<Manifest> {
  const file = new URL(`../../src/kinds/${folderOf(kind)}/example.yaml`, import.meta.url)
  const manifest: Manifest = parse(await readFile(file, 'utf8'))
  return { ...manifest, metadata: { ...manifest.metadata, namespace } }
}

/** Applies the manifest; what kubectl said, whether it liked the manifest or not. */
export async function apply(kubectl: Kubectl, manifest: Manifest, ...options: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'manifest-'))
  const file = join(folder, 'manifest.json')
  try {
    await writeFile(file, JSON.stringify(manifest))
    return await kubectl('apply', '--filename', file, ...options)
  } catch (error) {
    if (error instanceof Error && 'stderr' in error) return String(error.stderr)
    throw error
  } finally {
    await rm(folder, { recursive: true })
  }
}
