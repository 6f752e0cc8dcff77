import { isProgram } from './place.ts'
import type { Import, SourceFacts, Violation } from './source.ts'

/** A package, a name in it, or a global, and the only files of the program that may use it. */
interface Possession {
  readonly only: RegExp
  readonly where: string
}

const CLOCKS = { only: /^src\/(runtime|simulator)\/clock\.ts$/, where: 'runtime/clock.ts and simulator/clock.ts' }
const PROCESS = {
  only: /^src\/(main|simulator\/main|app\/config)\.ts$/,
  where: 'the two main.ts and app/config.ts',
}
const NOWHERE = { only: /^$/, where: 'no file of the program: logs go through core/ports.ts' }
const OUTSIDE = {
  only: /^src\/(kube|aws|runtime|app|simulator|main\.ts)/,
  where: 'kube, aws, runtime, app and the simulator',
}

const PACKAGES: readonly (Possession & { readonly name: RegExp })[] = [
  { name: /^@kubernetes\/client-node$/, only: /^src\/kube\//, where: 'kube' },
  { name: /^undici$/, only: /^src\/(kube|aws)\//, where: 'kube and aws' },
  {
    name: /^(@aws-sdk|@smithy)\//,
    only: /^src\/(aws|simulator)\//,
    where: 'aws (schemas and types also in the simulator)',
  },
  {
    name: /^zod$/,
    only: /\/schema(\.ts|\/[^/]+\.ts)$|^src\/reconciler\/kind\.ts$|^src\/app\/config\.ts$/,
    where: 'schema.ts, schema/*.ts, reconciler/kind.ts and app/config.ts',
  },
  { name: /^(pino|prom-client)$/, only: /^src\/app\//, where: 'app: others receive the interfaces of core/ports.ts' },
  { name: /^node:process$/, ...PROCESS },
  { name: /^node:timers/, ...CLOCKS },
  { name: /^node:(fs|net|tls|http|https|http2|dns|os|child_process|worker_threads|cluster)(\/|$)/, ...OUTSIDE },
  { name: /^node:test/, only: /^$/, where: 'tests' },
]

/** Names that are restricted though their package is not. */
const IMPORTED_NAMES: readonly (Possession & { readonly from: RegExp; readonly name: RegExp })[] = [
  { from: /^node:crypto$/, name: /^(random\w*|webcrypto)$/, ...CLOCKS },
  { from: /^node:perf_hooks$/, name: /^performance$/, ...CLOCKS },
  { from: /^@aws-sdk\//, name: /(Client|Command)$/, only: /^src\/aws\//, where: 'aws' },
]

const GLOBALS: readonly (Possession & { readonly name: RegExp })[] = [
  { name: /^process$/, ...PROCESS },
  { name: /^console$/, ...NOWHERE },
  { name: /^(set|clear)(Timeout|Interval|Immediate)$/, ...CLOCKS },
  { name: /^(Date\.now|new Date\(\)|Math\.random|AbortSignal\.timeout)$/, ...CLOCKS },
  { name: /^(performance|crypto)\./, ...CLOCKS },
  { name: /^fetch$/, only: /^src\/kube\//, where: 'kube' },
]

/** Packages, imported names and globals outside the files that may have them. */
export function possessionViolations({ path, imports, globals }: SourceFacts): readonly Violation[] {
  if (!isProgram(path)) return []
  return [
    ...imports.flatMap((imported) => foreignNames(imported, path).map((rule) => ({ path, line: imported.line, rule }))),
    ...globals.flatMap(({ name, line }) =>
      GLOBALS.filter((entry) => entry.name.test(name) && !entry.only.test(path)).map(({ where }) => {
        return { path, line, rule: `${name} belongs in ${where}` }
      }),
    ),
  ]
}

function foreignNames({ specifier, values }: Import, path: string): readonly string[] {
  const packages = PACKAGES.filter(({ name, only }) => name.test(specifier) && !only.test(path))
  const names = IMPORTED_NAMES.filter(({ from, only }) => from.test(specifier) && !only.test(path))
  return [
    ...packages.map(({ where }) => `${specifier} belongs in ${where}`),
    ...names.flatMap(({ name, where }) =>
      values.filter((value) => name.test(value)).map((value) => `${value} of ${specifier} belongs in ${where}`),
    ),
  ]
}

/** What the program imports must be among the packages that are installed with it. */
export function undeclaredPackages(facts: SourceFacts, dependencies: ReadonlySet<string>): readonly Violation[] {
  if (!isProgram(facts.path)) return []
  const foreign = facts.imports.filter(({ specifier }) => !/^(\.|node:)/.test(specifier))
  return foreign.flatMap(({ specifier, line }) => {
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    return dependencies.has(name)
      ? []
      : [{ path: facts.path, line, rule: `${name} is not a dependency of the program` }]
  })
}
