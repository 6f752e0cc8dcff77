import type { Terminal } from '../../src/app/command.ts'

/** A terminal at which nobody sits and nothing is typed. */
export const silentTerminal: Terminal = {
  environment: {},
  isInteractive: false,
  isErrorInteractive: false,
  columns: undefined,
  readInput: () => Promise.resolve(''),
  readInputBytes: async function* () {},
  crds: new URL('file:///no-crds/'),
  entry: new URL('../../src/main.ts', import.meta.url),
  print: () => {},
  note: () => {},
  complain: () => {},
}
