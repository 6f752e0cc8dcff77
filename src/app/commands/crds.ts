import { readFile, readdir } from 'node:fs/promises'
import type { Run } from '../command.ts'

/** `longshore crds`: every CRD as one YAML stream, for `kubectl apply --server-side -f -`. */
export const run: Run = async (args, { crds, print, complain }) => {
  if (args[0] !== undefined) {
    complain(`crds takes no arguments, not "${args[0]}"`)
    return 1
  }
  const names = (await readdir(crds)).filter((name) => name.endsWith('.yaml')).toSorted()
  const documents = await Promise.all(names.map((name) => readFile(new URL(name, crds), 'utf8')))
  print(documents.join('---\n'))
  return 0
}
