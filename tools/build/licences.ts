import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
}

const PACKAGE = /^.*node_modules\/(@[^/]+\/)?[^/]+/
const LICENCE_FILE = /^(licen[cs]e|notice)(\.(md|txt))?$/i

/**
 * One text with the licence of every package of which `inputs` (paths relative to `root`) has a file: whoever passes the
 * bundle on passes these packages on.
 */
export async function licencesOf(inputs: readonly string[], root: string): Promise<string> {
  const folders = new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []))
  const texts = await Promise.all([...folders].map((folder) => licenceOf(join(root, folder))))
  // Two copies of a package in different places say the same.
  return [...new Set(texts)].toSorted().join(`\n${'-'.repeat(80)}\n`)
}

async function licenceOf(folder: string): Promise<string> {
  const manifest: Manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const names = (await readdir(folder)).filter((name) => LICENCE_FILE.test(name))
  const texts = await Promise.all(names.toSorted().map((name) => readFile(join(folder, name), 'utf8')))
  return [`${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})\n`, ...texts].join('\n')
}
