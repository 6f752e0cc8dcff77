import { globSync } from 'node:fs'

/**
 * The kinds of tests, in the order in which they run: what is quick and near to the code first. A kind cluster and
 * faults wait for leases and time-outs more than they compute, so that the files after them fill the time.
 */
const SECTIONS = {
  unit: ['src/**/*.test.ts', 'tools/**/*.test.{js,ts}', 'test/support/**/*.test.ts'],
  architecture: ['test/architecture.test.ts'],
  conformance: ['test/conformance/**/*.test.ts'],
  rates: ['test/rates/**/*.test.ts'],
  packing: ['test/packing/**/*.test.ts', 'bench/**/*.test.ts'],
  kind: ['test/kind/**/*.test.ts'],
  faults: ['test/faults/**/*.test.ts'],
  integration: ['test/integration/**/*.test.ts'],
  charts: ['test/charts/**/*.test.ts'],
  gitops: ['test/gitops/**/*.test.ts'],
  images: ['test/images/**/*.test.ts'],
}

/** Kinds of tests that want a Docker daemon: they run when asked for. */
export const NEED_DOCKER: ReadonlySet<string> = new Set(['images', 'kind'])

/** Kinds of tests that want Argo CD, which takes minutes to build where nobody has built it: they run when asked for. */
export const NEED_ARGO_CD: ReadonlySet<string> = new Set(['gitops'])

/** A kind of tests and its files, relative to the root. */
export interface Section {
  readonly name: string
  readonly files: readonly string[]
}

/** Which test files are looked for. */
export interface Wanted {
  /** Parts of a path, one of which must fit; none: every file. */
  readonly patterns: readonly string[]
  readonly docker: 'with' | 'without'
  readonly argoCd: 'with' | 'without'
}

/** The test files that are wanted, by kind; kinds without any are left out. */
export function findTestFiles(root: string, { patterns, docker, argoCd }: Wanted): readonly Section[] {
  return Object.entries(SECTIONS)
    .filter(([name]) => docker === 'with' || !NEED_DOCKER.has(name))
    .filter(([name]) => argoCd === 'with' || !NEED_ARGO_CD.has(name))
    .map(([name, globs]) => ({ name, files: globSync(globs, { cwd: root }).filter(matcherFor(patterns)).sort() }))
    .filter(({ files }) => files.length > 0)
}

function matcherFor(patterns: readonly string[]): (path: string) => boolean {
  return (path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern))
}
