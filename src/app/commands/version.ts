import type { Run } from '../command.ts'
import { version } from '../version.ts'

/** `longshore version`. */
export const run: Run = (_args, { print }) => {
  print(`longshore ${version}\n`)
  return Promise.resolve(0)
}
