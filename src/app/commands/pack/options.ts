import { parseFlags, type FlagTable } from '../world/flags.ts'
import type { Collection } from './collections.ts'
import type { PackFormat, PackSource } from './pack-order.ts'
import type { PackSettings } from './schema/settings.ts'

/** What `longshore pack` was asked. */
export interface PackOptions {
  readonly sources: readonly PackSource[]
  readonly settings: PackSettings
  readonly format: PackFormat
}

/** Flags that name lists as kubectl prints them. */
const LISTS: Readonly<Record<string, Collection>> = {
  pods: 'pods',
  nodes: 'nodes',
  pools: 'nodePools',
  daemonsets: 'daemonSets',
  pvcs: 'persistentVolumeClaims',
  pvs: 'persistentVolumes',
  storageclasses: 'storageClasses',
  csinodes: 'csiNodes',
  namespaces: 'namespaces',
  pdbs: 'podDisruptionBudgets',
  'instance-types': 'instanceTypes',
  overlays: 'overlays',
}

const FLAGS: FlagTable = {
  filename: { takes: 'values', short: 'f' },
  output: { takes: 'value', short: 'o' },
  'time-limit-ms': { takes: 'value' },
  'ignore-preferences': { takes: 'nothing' },
  consolidate: { takes: 'nothing' },
  ...Object.fromEntries(Object.keys(LISTS).map((flag) => [flag, { takes: 'values' as const }])),
}

const FORMATS: readonly PackFormat[] = ['json', 'yaml', 'table', 'svg']

/** The options, or one sentence about what is wrong with them. */
export function packOptionsFrom(args: readonly string[]): PackOptions | string {
  const flags = parseFlags(args, FLAGS, 'pack')
  if (flags.type === 'invalid') return flags.message
  const { given, values, positionals } = flags
  const stray = positionals.find((argument) => argument !== '-')
  if (stray !== undefined) return `unexpected argument "${stray}": problems come with -f`

  const [output = 'json'] = values.get('output') ?? []
  const format = FORMATS.find((known) => known === output)
  if (format === undefined) return `--output wants json, yaml, table or svg, not "${output}"`
  const sources = sourcesFrom(values, positionals)
  if (sources.filter(({ name }) => name === '-').length > 1) return 'standard input can be read only once'
  const settings = settingsFrom(given, values.get('time-limit-ms')?.[0])
  return typeof settings === 'string' ? settings : { sources, format, settings }
}

function settingsFrom(given: ReadonlySet<string>, timeLimit: string | undefined): PackSettings | string {
  if (timeLimit !== undefined && !/^[1-9]\d{0,7}$/.test(timeLimit)) {
    return `--time-limit-ms wants a whole number of milliseconds, not "${timeLimit}"`
  }
  return {
    ...(timeLimit !== undefined && { timeLimitMs: Number(timeLimit) }),
    ...(given.has('ignore-preferences') && { ignorePreferences: true }),
    ...(given.has('consolidate') && { consolidate: true }),
  }
}

/** Without any the problem comes from standard input. */
function sourcesFrom(
  values: ReadonlyMap<string, readonly string[]>,
  positionals: readonly string[],
): readonly PackSource[] {
  const sources = [
    ...[...(values.get('filename') ?? []), ...positionals].map((name) => ({ name, expected: undefined })),
    ...Object.entries(LISTS).flatMap(([flag, expected]) =>
      (values.get(flag) ?? []).map((name) => ({ name, expected })),
    ),
  ]
  return sources.length === 0 ? [{ name: '-', expected: undefined }] : sources
}
