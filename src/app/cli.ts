import type { Command, Run, Terminal } from './command.ts'

/** The verbs of the program. */
const COMMANDS: Readonly<Record<string, Command>> = {
  operator: {
    summary: 'run the operator until it is told to stop',
    details: async () => settingsTable(await import('./config.ts')),
    load: async () => ({ run: await operatorRun() }),
  },
  plan: {
    summary: 'show what manifests would change in AWS',
    details: async () => (await import('./commands/plan.ts')).help,
    load: () => import('./commands/plan.ts'),
  },
  explain: {
    summary: 'tell why an object is in its state',
    details: async () => (await import('./commands/explain.ts')).help,
    load: () => import('./commands/explain.ts'),
  },
  pack: {
    summary: 'show which nodes pending pods would get',
    details: async () => (await import('./commands/pack.ts')).help,
    load: () => import('./commands/pack.ts'),
  },
  crds: {
    summary: 'print the CRDs, for kubectl apply --server-side -f -',
    details: () => Promise.resolve(''),
    load: () => import('./commands/crds.ts'),
  },
  ready: {
    summary: 'ask a running operator whether it is ready',
    details: async () => (await import('./commands/ready.ts')).help,
    load: () => import('./commands/ready.ts'),
  },
  version: {
    summary: 'print the version',
    details: () => Promise.resolve(''),
    load: () => import('./commands/version.ts'),
  },
}

/** Runs the program with its arguments, without the paths of Node and script; answers the exit code. */
export async function runCli(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  const [verb = 'help', ...rest] = args
  if (asksForHelp(verb)) return help(rest[0], terminal)
  if (rest.some((argument) => argument === '--help' || argument === '-h')) return help(verb, terminal)

  const command = COMMANDS[verb]
  if (command === undefined) return unknownVerb(verb, terminal)
  const { run } = await command.load()
  return run(rest, terminal, signal)
}

function asksForHelp(verb: string): boolean {
  return verb === 'help' || verb === '--help' || verb === '-h'
}

async function help(verb: string | undefined, terminal: Terminal): Promise<number> {
  if (verb === undefined) {
    terminal.print(overview())
    return 0
  }
  const command = COMMANDS[verb]
  if (command === undefined) return unknownVerb(verb, terminal)
  terminal.print(`longshore ${verb}: ${command.summary}\n${await command.details()}`)
  return 0
}

function overview(): string {
  const verbs = Object.entries(COMMANDS).map(([verb, { summary }]) => `  ${verb.padEnd(10)}${summary}`)
  return [
    'longshore VERB [FLAG …]',
    '',
    ...verbs,
    `  ${'help'.padEnd(10)}print this; help VERB: what the verb takes`,
    '',
    'Exit codes: 0 done, 1 error, 2 plan found changes, 130 pack was interrupted.',
    '',
  ].join('\n')
}

function unknownVerb(verb: string, { complain }: Terminal): number {
  complain(`unknown verb "${verb}"; one of: ${[...Object.keys(COMMANDS), 'help'].join(', ')}`)
  return 1
}

/** The operator takes settings; everything else about it loads only when they are valid. */
async function operatorRun(): Promise<Run> {
  const { parseConfig } = await import('./config.ts')
  return async (args, { environment, complain }, signal) => {
    const parsed = parseConfig(args, environment)
    if (parsed.type === 'invalid') {
      complain(parsed.message)
      return 1
    }
    const { run } = await import('./commands/operator.ts')
    return run(parsed.config, environment, signal)
  }
}

function settingsTable({ settingsHelp }: typeof import('./config.ts')): string {
  const settings = settingsHelp().map((setting) => {
    const standard = setting.default === undefined ? '' : ` Default: ${setting.default}.`
    return `\n  ${setting.flag} (${setting.variable})\n      ${setting.description}${standard}\n`
  })
  return `${settings.join('')}\nAWS credentials, region, endpoint and proxy (HTTPS_PROXY, NO_PROXY) come from the standard environment and files.\n`
}
