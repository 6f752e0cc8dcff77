import { readFile, readdir } from 'node:fs/promises'
import type { Run } from '../command.ts'

/** The generated files, as they are shipped beside the program. */
const CRDS = new URL('../../../crds/', import.meta.url)

/** `longshore crds`: every CRD as one YAML stream, for `kubectl apply --server-side -f -`. */
export const run: Run = async (args, { print, complain }) => {
  if (args[0] !== undefined) {
    complain(`crds takes no arguments, not "${args[0]}"`)
    return 1
  }
  const names = (await readdir(CRDS)).filter((name) => name.endsWith('.yaml')).toSorted()
  const documents = await Promise.all(names.map((name) => readFile(new URL(name, CRDS), 'utf8')))
  print(documents.join('---\n'))
  return 0
}
