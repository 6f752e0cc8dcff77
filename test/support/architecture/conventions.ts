import { basename } from 'node:path'
import type { SourceFacts, Violation } from './source.ts'

/** Default exports, suppressions without a reason, names that say nothing. */
export function conventionViolations(facts: SourceFacts): readonly Violation[] {
  const { path, comments, defaultExport } = facts
  return [
    ...(defaultExport === undefined ? [] : [{ path, line: defaultExport, rule: 'default exports have no name' }]),
    ...comments.flatMap(({ text, line }) => {
      const rule = badSuppression(text)
      return rule === undefined ? [] : [{ path, line, rule }]
    }),
    ...badName(path).map((rule) => ({ path, line: 1, rule })),
  ]
}

function badSuppression(comment: string): string | undefined {
  if (/^@ts-(ignore|nocheck)/.test(comment)) return 'use @ts-expect-error with a reason'
  if (comment.startsWith('@ts-expect-error')) return /^@ts-expect-error\W+\w+/.test(comment) ? undefined : 'say why'
  if (!/^(oxlint|eslint)-disable/.test(comment)) return undefined
  const named = /^(oxlint|eslint)-disable(-next-line|-line)? [\w@/-]+(, [\w@/-]+)* -- \S+/.test(comment)
  return named ? undefined : 'a suppression names the rule and says why: oxlint-disable-next-line RULE -- REASON'
}

const EMPTY_NAMES: ReadonlySet<string> = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types'])

function badName(path: string): readonly string[] {
  const stem = basename(path).replace(/(\.test|\.d)?\.ts$/, '')
  return [
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem) ? [] : ['file names are kebab-case']),
    ...(EMPTY_NAMES.has(stem) ? [`${stem} says nothing: name the file for what it exports`] : []),
  ]
}

/** What every folder of `kinds` and `resources` holds. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  kinds: ['index.ts', 'schema.ts', 'compose.ts', 'compose.test.ts', 'status.ts', 'coverage.ts', 'example.yaml'],
  resources: ['index.ts', 'observe.ts', 'plan.ts', 'plan.test.ts', 'apply.ts'],
}

/** Files that are missing from the folders of kinds and resources. */
export function missingFiles(paths: readonly string[]): readonly Violation[] {
  const present = new Set(paths)
  return Object.entries(FOLDERS).flatMap(([room, names]) =>
    foldersIn(room, paths).flatMap((folder) =>
      names
        .map((name) => `src/${room}/${folder}/${name}`)
        .filter((path) => !present.has(path))
        .map((path) => ({ path, line: 1, rule: `every folder of ${room} has one` })),
    ),
  )
}

/** Names of the folders of a room, from the paths of all files. */
export function foldersIn(room: string, paths: readonly string[]): readonly string[] {
  const inside = paths.filter((path) => path.startsWith(`src/${room}/`))
  return [...new Set(inside.map((path) => path.split('/')[2] ?? ''))]
}
