// npm run generate: writes the CRDs, what charts hold of kinds, settings and alerts, the IAM policy, the pages of the kinds, of
// coverage and of fidelity.
//
//   tools/generate.ts            writes what differs and names it
//   tools/generate.ts --check    writes nothing; names what differs and exits 1
import { argv, stderr } from 'node:process'
import { kinds } from '../src/app/kinds.ts'
import { differences, writeFiles } from './generate/disk.ts'
import { readKindSource } from './generate/kind-source.ts'
import { renderFiles } from './generate/render.ts'
import { renderFidelityPage } from '../src/simulator/ledgers.ts'

const root = new URL('../', import.meta.url)

async function main(args: readonly string[]): Promise<number> {
  const ofKinds = renderFiles(await Promise.all(kinds.map((kind) => readKindSource(kind, root))))
  const files = new Map([...ofKinds, ['docs/fidelity.md', renderFidelityPage()] as const])
  return args.includes('--check') ? check(files) : write(files)
}

async function check(files: ReadonlyMap<string, string>): Promise<number> {
  const changed = await differences(files, root)
  for (const path of changed) stderr.write(`${path} differs: run npm run generate\n`)
  return changed.length === 0 ? 0 : 1
}

async function write(files: ReadonlyMap<string, string>): Promise<number> {
  for (const path of await writeFiles(files, root)) stderr.write(`wrote ${path}\n`)
  return 0
}

// What a kind got wrong is for its author to read: the sentences, without a stack.
process.exitCode = await main(argv.slice(2)).catch((error: unknown) => {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  return 1
})
