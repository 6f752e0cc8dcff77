import { type StaticImportEntry, Visitor, parseSync } from 'oxc-parser'

/** A file of the repository: its path from the root, and its text. */
export interface Source {
  readonly path: string
  readonly text: string
}

export interface Import {
  readonly specifier: string
  /** The names that exist at run time; `*` for a namespace or a dynamic import. */
  readonly values: readonly string[]
  readonly line: number
}

/** What the rules of the house look at. */
export interface SourceFacts {
  readonly path: string
  readonly imports: readonly Import[]
  /** Globals that the file may use: `process`, `Date.now`, `new Date()`. */
  readonly globals: readonly { readonly name: string; readonly line: number }[]
  readonly comments: readonly { readonly text: string; readonly line: number }[]
  /** Line of a default export. */
  readonly defaultExport: number | undefined
}

/** A rule that a file breaks, and where. */
export interface Violation {
  readonly path: string
  readonly line: number
  readonly rule: string
}

/** `src/core/plan.ts:3: core may not import kube`. */
export function violationText({ path, line, rule }: Violation): string {
  return `${path}:${line}: ${rule}`
}

/** Reads a TypeScript file. Errors: an `Error` when it does not parse. */
export function factsOf({ path, text }: Source): SourceFacts {
  const { program, module, comments, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path} does not parse: ${errors[0].message}`)
  const lineAt = lineFinder(text)
  const { globals, typeImports } = visited(program, lineAt)
  const defaults = module.staticExports.flatMap(({ start, entries }) =>
    entries.some(({ exportName }) => exportName.kind === 'Default') ? [lineAt(start)] : [],
  )
  const exported = module.staticExports.flatMap(({ entries }) => entries)
  return {
    path,
    imports: [
      ...module.staticImports.map(({ moduleRequest, entries, start }) => {
        return { specifier: moduleRequest.value, values: valuesOf(entries), line: lineAt(start) }
      }),
      ...exported.flatMap(({ moduleRequest, isType, start }) =>
        moduleRequest ? [{ specifier: moduleRequest.value, values: isType ? [] : ['*'], line: lineAt(start) }] : [],
      ),
      ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => {
        return { specifier: text.slice(start + 1, end - 1), values: ['*'], line: lineAt(start) }
      }),
      ...typeImports,
    ],
    globals,
    comments: comments.map(({ value, start }) => ({ text: value.trim(), line: lineAt(start) })),
    defaultExport: defaults[0],
  }
}

function valuesOf(entries: readonly StaticImportEntry[]): readonly string[] {
  return entries.filter(({ isType }) => !isType).map(({ importName }) => importName.name ?? '*')
}

type LineAt = (offset: number) => number

function lineFinder(text: string): LineAt {
  return (offset) => text.slice(0, offset).split('\n').length
}

/** Globals whose members matter, not they themselves. */
const NAMESPACES: ReadonlySet<string> = new Set(['Date', 'Math', 'AbortSignal', 'crypto', 'performance'])

/**
 * Uses of globals, by name alone: whoever calls a variable of his own `process` is told to find another word. What only
 * looks like one (a member, a key of an object or type) is left out.
 */
function visited(program: ReturnType<typeof parseSync>['program'], lineAt: LineAt) {
  const names = new Map<number, string>()
  const namesOnly = new Set<number>()
  const members: { name: string; line: number }[] = []
  const typeImports: Import[] = []
  new Visitor({
    Identifier: ({ name, start }) => void names.set(start, name),
    MemberExpression: ({ object, property, computed }) => {
      if (!computed) namesOnly.add(property.start)
      if (object.type !== 'Identifier' || property.type !== 'Identifier') return
      const isGlobalThis = object.name === 'globalThis'
      const name = isGlobalThis ? property.name : `${object.name}.${property.name}`
      if (isGlobalThis || NAMESPACES.has(object.name)) members.push({ name, line: lineAt(object.start) })
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      const isNow = callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0
      if (isNow) members.push({ name: 'new Date()', line: lineAt(start) })
    },
    Property: ({ key, computed, shorthand }) => void (!computed && !shorthand && namesOnly.add(key.start)),
    PropertyDefinition: ({ key, computed }) => void (!computed && namesOnly.add(key.start)),
    MethodDefinition: ({ key, computed }) => void (!computed && namesOnly.add(key.start)),
    TSPropertySignature: ({ key }) => void namesOnly.add(key.start),
    TSMethodSignature: ({ key }) => void namesOnly.add(key.start),
    TSImportType: ({ source, start }) =>
      void typeImports.push({ specifier: source.value, values: [], line: lineAt(start) }),
  }).visit(program)
  const free = [...names].filter(([start]) => !namesOnly.has(start))
  return { globals: [...members, ...free.map(([start, name]) => ({ name, line: lineAt(start) }))], typeImports }
}
