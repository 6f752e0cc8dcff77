import packageJson from '../../../package.json' with { type: 'json' }
import type { Run } from '../command.ts'

/** `longshore version`. */
export const run: Run = (_args, { print }) => {
  print(`longshore ${packageJson.version}\n`)
  return Promise.resolve(0)
}
