import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import type { ProxySettings } from '../aws/http.ts'
import { LABEL_SELECTOR_TEXT, labelSelectorFrom } from '../core/label-selector-text.ts'

/** A whole number, written in digits. What it becomes is a schema too: the chart's values are numbers already. */
function whole(minimum: number, maximum: number) {
  const wants = `a whole number from ${minimum} to ${maximum}`
  return z
    .string()
    .regex(/^\d{1,9}$/, wants)
    .transform(Number)
    .pipe(z.int().min(minimum, wants).max(maximum, wants))
}

function yesOrNo() {
  return z
    .enum(['true', 'false'], 'true or false')
    .transform((text) => text === 'true')
    .pipe(z.boolean())
}

function text(pattern: RegExp, wants: string) {
  return z.string().regex(pattern, wants)
}

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const NOT_EMPTY = /\S/

const namespaces = z
  .string()
  .transform((list) => list.split(',').map((name) => name.trim()))
  .pipe(z.array(text(NAMESPACE, 'namespaces, with commas between')))

const labelSelector = text(
  LABEL_SELECTOR_TEXT,
  'a label selector as kubectl takes it, such as team=blue,env in (test, prod)',
).transform(labelSelectorFrom)

/** `2/3`: number 2 of 3. */
const shard = z
  .string()
  .regex(/^[1-9]\d?\/[1-9]\d?$/, 'which of how many, such as 1/3')
  .transform((written) => {
    const [index, count] = written.split('/').map(Number)
    return { index: index ?? 1, count: count ?? 1 }
  })
  .refine(({ index, count }) => index <= count, 'which of how many, such as 1/3')

/**
 * Every setting of the operator. A setting has one word: `settleSeconds` is the flag `--settle-seconds`, the environment
 * variable `LONGSHORE_SETTLE_SECONDS` and the chart value `settleSeconds` (whose schema is made of this one).
 */
export const OperatorSettings = z.strictObject({
  installationId: text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'up to 128 letters, digits, dots, dashes and underscores')
    .optional()
    .describe('Marks what this installation owns in AWS. Absent: the uid of the namespace kube-system.'),
  namespaces: namespaces.default([]).describe('Namespaces to watch. Absent: all.'),
  watchLabelSelector: labelSelector
    .optional()
    .describe('Which objects are for this operator, such as team=blue. Absent: those with any labels, or none.'),
  leaderElect: yesOrNo().default(true).describe('Whether to wait for the lease before working.'),
  leaderElectionNamespace: text(NAMESPACE, 'a namespace')
    .optional()
    .describe("Namespace of the lease. Absent: the operator's own."),
  bindAddress: text(NOT_EMPTY, 'an address').default('0.0.0.0').describe('Where health and metrics are served.'),
  // Not `port`: Kubernetes sets LONGSHORE_PORT in every pod beside a Service named longshore.
  httpPort: whole(0, 65535).default(8080).describe('Port of health and metrics; 0: any free one.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error'], 'debug, info, warn or error')
    .default('info')
    .describe('The least important lines to log.'),
  workers: whole(1, 256).default(16).describe('Objects that are reconciled at the same time.'),
  settleSeconds: whole(0, 600)
    .default(15)
    .describe('How long after a create AWS may still answer that the object is not there.'),
  drift: z
    .enum(['Repair', 'Report'], 'Repair or Report')
    .default('Repair')
    .describe('What to do when AWS was changed behind our back; the annotation longshore.dev/drift overrules it.'),
  driftSeconds: whole(10, 86_400).optional().describe('How often to look for drift. Absent: as each kind says.'),
  awsRateShare: whole(1, 100)
    .default(60)
    .describe("Percentage of AWS's request rates to use; other tools in the account draw from the same."),
  shard: shard
    .optional()
    .describe('Which of several operators this is that share the objects, such as 1/3. Absent: the only one.'),
  shutdownSeconds: whole(0, 600).default(30).describe('How long to wait for work in progress on shutdown.'),
  kubeconfig: text(NOT_EMPTY, 'a file').optional().describe("The kubeconfig. Absent: as kubectl, or the pod's own."),
  context: text(NOT_EMPTY, 'a context').optional().describe('Context of the kubeconfig. Absent: the current one.'),
})

/** The operator's settings, and what the environment's own variables say. */
export type OperatorConfig = z.infer<typeof OperatorSettings> & {
  /** `AWS_REGION`, or `AWS_DEFAULT_REGION`. */
  readonly awsRegion: string | undefined
  readonly kubernetes: KubernetesAccess
}

/** Where the API server is described: in files, or by the pod that we run in. */
export type KubernetesAccess =
  | { readonly type: 'kubeconfig'; readonly paths: readonly string[] }
  | { readonly type: 'in-cluster'; readonly host: string; readonly port: string }

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

export type ParsedConfig =
  | { readonly type: 'valid'; readonly config: OperatorConfig }
  /** One sentence that names the setting. */
  | { readonly type: 'invalid'; readonly message: string }

/** A setting as help shows it. */
export interface SettingHelp {
  readonly flag: string
  readonly variable: string
  readonly description: string
  /** Undefined: absent means what the description says. */
  readonly default: string | undefined
}

/** Settings by flag, then by environment, then by default. Endpoint and credentials of AWS are the SDK's own business. */
export function parseConfig(args: readonly string[], environment: Environment): ParsedConfig {
  const flags = flagsFrom(args)
  if (flags.type === 'invalid') return flags
  const given = { ...fromEnvironment(environment), ...flags.values }

  const parsed = OperatorSettings.safeParse(given)
  if (!parsed.success) return { type: 'invalid', message: complaint(parsed.error, given, flags.values) }
  const kubernetes = kubernetesAccessFrom(parsed.data.kubeconfig, environment)
  return { type: 'valid', config: { ...parsed.data, awsRegion: regionFrom(environment), kubernetes } }
}

/** Every setting with its words, for help. */
export function settingsHelp(): readonly SettingHelp[] {
  return Object.entries(OperatorSettings.shape).map(([name, schema]) => {
    const standard = schema.safeParse(undefined).data
    const hasDefault = standard !== undefined && typeof standard !== 'object'
    return {
      flag: flagOf(name),
      variable: variableOf(name),
      description: schema.description ?? '',
      default: hasDefault ? String(standard) : undefined,
    }
  })
}

type Values = Readonly<Record<string, string>>
type Flags =
  { readonly type: 'flags'; readonly values: Values } | { readonly type: 'invalid'; readonly message: string }

function flagsFrom(args: readonly string[]): Flags {
  const names = Object.keys(OperatorSettings.shape)
  const options = Object.fromEntries(names.map((name) => [flagOf(name).slice(2), { type: optionType(name) }]))
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const values: Record<string, string> = {}
  for (const token of tokens) {
    if (token.kind === 'positional') return invalid(`unexpected argument "${token.value}"`)
    if (token.kind === 'option-terminator') continue
    const name = names.find((candidate) => flagOf(candidate) === token.rawName)
    if (name === undefined) return invalid(`unknown flag ${token.rawName}; "longshore help operator" lists them`)
    const value = token.value ?? (optionType(name) === 'boolean' ? 'true' : undefined)
    if (value === undefined) return invalid(`${token.rawName} wants a value`)
    values[name] = value
  }
  return { type: 'flags', values }
}

function invalid(message: string): { readonly type: 'invalid'; readonly message: string } {
  return { type: 'invalid', message }
}

/** A boolean flag may stand alone. */
function optionType(name: string): 'boolean' | 'string' {
  return name === 'leaderElect' ? 'boolean' : 'string'
}

/** Other variables with our prefix are left alone: Kubernetes makes some for a Service named longshore. */
function fromEnvironment(environment: Environment): Values {
  const names = Object.keys(OperatorSettings.shape)
  return Object.fromEntries(names.flatMap((name) => entryIfSet(name, environment[variableOf(name)])))
}

/** An empty variable counts as absent: that is what a chart writes for a value that is not set. */
function entryIfSet(name: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined || value === '' ? [] : [[name, value]]
}

function complaint(error: z.ZodError, given: Values, flags: Values): string {
  const issue = error.issues[0]
  const name = String(issue?.path[0])
  const word = name in flags ? flagOf(name) : variableOf(name)
  return `${word} wants ${issue?.message}, not "${given[name]}"`
}

/** The region that the environment names, as AWS's own tools read it. */
export function regionFrom(environment: Environment): string | undefined {
  return environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION']
}

/** The proxy before AWS that the environment names, as curl and the AWS CLI read it. */
export function proxyFrom(environment: Environment): ProxySettings {
  const named = (name: string): string | undefined => environment[name.toLowerCase()] ?? environment[name]
  return { https: named('HTTPS_PROXY'), except: named('NO_PROXY') }
}

/** The order of client-go's loading rules: what was asked for, the pod's own account, the file in the home directory. */
export function kubernetesAccessFrom(kubeconfig: string | undefined, environment: Environment): KubernetesAccess {
  const { KUBECONFIG, KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, HOME } = environment
  const named = kubeconfig ?? KUBECONFIG
  if (named !== undefined && named !== '') {
    return { type: 'kubeconfig', paths: named.split(delimiter).filter((path) => path !== '') }
  }
  if (KUBERNETES_SERVICE_HOST && KUBERNETES_SERVICE_PORT) {
    return { type: 'in-cluster', host: KUBERNETES_SERVICE_HOST, port: KUBERNETES_SERVICE_PORT }
  }
  return { type: 'kubeconfig', paths: [join(HOME ?? '/', '.kube', 'config')] }
}

function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The environment variable of a setting. */
export function variableOf(name: string): string {
  return `LONGSHORE_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
