import { parseArgs } from 'node:util'

/** Flags by name without dashes: whether they stand alone or take a value, and whether they may come several times. */
export type FlagTable = Readonly<
  Record<string, { readonly takes: 'nothing' | 'value' | 'values'; readonly short?: string }>
>

export type ParsedFlags =
  | {
      readonly type: 'flags'
      readonly given: ReadonlySet<string>
      readonly values: ReadonlyMap<string, readonly string[]>
      readonly positionals: readonly string[]
    }
  | { readonly type: 'invalid'; readonly message: string }

/** Flags of the commands that look at a cluster, beside their own. */
export const WORLD_FLAGS: FlagTable = {
  namespace: { takes: 'value', short: 'n' },
  kubeconfig: { takes: 'value' },
  context: { takes: 'value' },
  'installation-id': { takes: 'value' },
  output: { takes: 'value', short: 'o' },
}

/** What `help VERB` says about them. */
export const WORLD_FLAGS_HELP = `  -n, --namespace NAMESPACE
      Of objects that name none. Default: that of the kubeconfig's context.
  -o, --output text|json|yaml
      Default: text, in colour when a person watches and NO_COLOR is not set.
  --kubeconfig FILE, --context NAME
      As for kubectl.
  --installation-id ID (LONGSHORE_INSTALLATION_ID)
      What the operator marks its things in AWS with. Default: the uid of the namespace kube-system.

AWS credentials, region, endpoint and proxy (HTTPS_PROXY, NO_PROXY) come from the standard environment and files; reading is all they must allow.
`

/** Flags and the rest, or one sentence about what is wrong. `verb` is for that sentence. */
export function parseFlags(args: readonly string[], table: FlagTable, verb: string): ParsedFlags {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { takes, short }]) => {
      return [name, { type: takes === 'nothing' ? 'boolean' : 'string', ...(short && { short }) } as const]
    }),
  )
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true })
  const values = new Map<string, readonly string[]>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const takes = table[token.name]?.takes
    const problem = problemWith(token, takes)
    if (problem !== undefined)
      return { type: 'invalid', message: `${problem}; "longshore help ${verb}" lists the flags` }
    const before = takes === 'values' ? (values.get(token.name) ?? []) : []
    values.set(token.name, [...before, token.value ?? ''])
  }
  return { type: 'flags', given: new Set(values.keys()), values, positionals }
}

interface GivenFlag {
  readonly rawName: string
  readonly value: string | undefined
}

function problemWith({ rawName, value }: GivenFlag, takes: FlagTable[string]['takes'] | undefined): string | undefined {
  if (takes === undefined) return `unknown flag ${rawName}`
  if (takes === 'nothing') return value === undefined ? undefined : `${rawName} takes no value`
  return value ? undefined : `${rawName} wants a value`
}

export type OutputFormat = 'text' | 'json' | 'yaml'

/** What `WORLD_FLAGS` say, or one sentence about what is wrong. */
export function worldOptionsFrom(values: ReadonlyMap<string, readonly string[]>) {
  const one = (name: string): string | undefined => values.get(name)?.[0]
  const format = outputFormatFrom(one('output'))
  if (format === undefined) return `--output wants text, json or yaml, not "${one('output')}"`
  const installationId = one('installation-id')
  const where = { namespace: one('namespace'), kubeconfig: one('kubeconfig'), context: one('context'), installationId }
  return { format, where }
}

function outputFormatFrom(value: string | undefined): OutputFormat | undefined {
  if (value === undefined || value === 'text') return 'text'
  return value === 'json' || value === 'yaml' ? value : undefined
}
