import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { kinds } from '../../../src/app/kinds.ts'
import type { Transport } from '../../../src/kube/transport.ts'
import type { AnyKind } from '../../../src/reconciler/kind.ts'
import type { SchemaNode } from '../../../tools/generate/schema-node.ts'
import { exampleOf, type Manifest } from '../../conformance/world.ts'
import { createChance, type Chance } from './chance.ts'
import { mutate } from './mutate.ts'
import { refusalProblems, submit } from './server.ts'
import { tryOut, type Trial } from './trial.ts'

export interface FuzzOptions {
  readonly transport: Transport
  readonly namespace: string
  readonly count: number
  /** Seed of the first manifest; each has its own. */
  readonly from: number
}

/** A manifest that was not treated as it should be. */
export interface Finding {
  readonly seed: number
  readonly kind: string
  readonly words: readonly string[]
  readonly problems: readonly string[]
  readonly spec: unknown
}

export interface FuzzReport {
  readonly refused: number
  readonly ends: Readonly<Record<Trial['end'], number>>
  readonly findings: readonly Finding[]
  readonly serverSeconds: number
}

interface Case {
  readonly seed: number
  readonly kind: AnyKind
  readonly needs: readonly Manifest[]
  readonly manifest: Manifest
  readonly words: readonly string[]
}

const IN_FLIGHT = 24
const MAX_CHANGES = 3

/**
 * Sends spoilt examples to the API server, and lets the operator work on those that it takes, against simulated AWS in
 * this process. Same seeds, same manifests.
 */
export async function fuzz({ transport, namespace, count, from }: FuzzOptions): Promise<FuzzReport> {
  const cases = Array.from({ length: count }, (_, index) => caseOf(from + index))
  const startedAt = performance.now()
  const verdicts = await inFlight(cases, ({ kind, manifest }) =>
    submit(transport, kind, inNamespace(manifest, namespace)),
  )
  const serverSeconds = (performance.now() - startedAt) / 1000

  const findings: Finding[] = []
  const ends = { ready: 0, stalled: 0, waiting: 0, unmodelled: 0 }
  for (const [index, each] of cases.entries()) {
    const verdict = verdicts[index] ?? { type: 'failed', message: 'not asked' }
    const note = (problems: readonly string[]): void => {
      if (problems.length > 0) findings.push(findingOf(each, problems))
    }
    if (verdict.type === 'failed') note([`the API server cannot judge it: ${verdict.message}`])
    if (verdict.type === 'refused')
      note(refusalProblems(verdict.message).map((problem) => `a refusal ${problem}: ${verdict.message}`))
    if (verdict.type === 'accepted') {
      const trial = await tryOut({ ...each, manifest: { ...each.manifest, spec: verdict.spec } })
      ends[trial.end] += 1
      note(trial.problems)
    }
  }
  return { refused: verdicts.filter(({ type }) => type === 'refused').length, ends, findings, serverSeconds }
}

function findingOf({ seed, kind, words, manifest }: Case, problems: readonly string[]): Finding {
  return { seed, kind: kind.kind, words, problems, spec: manifest.spec }
}

function inNamespace(manifest: Manifest, namespace: string): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, namespace } }
}

function caseOf(seed: number): Case {
  const chance = createChance(seed)
  const kind = chance.one(kinds)
  if (kind === undefined) throw new Error('there are no kinds')
  const manifests = exampleOf(kind)
  const example = manifests.find((manifest) => manifest.kind === kind.kind)
  if (example === undefined) throw new Error(`${kind.kind} has no example`)
  const mood = chance.happens(0.5) ? 'spoil' : 'vary'
  const start = chance.happens(THINNED) ? thinned(example.spec, schemaOf(kind), chance) : example.spec
  const { value, words } = mutate(start, schemaOf(kind), { count: 1 + chance.index(MAX_CHANGES), chance, mood })
  return {
    seed,
    kind,
    needs: manifests.filter((manifest) => manifest !== example),
    manifest: { ...example, spec: value },
    words,
  }
}

/** So many begin with a part of the example: what a rule allows only in the place of something else is never reached otherwise. */
const THINNED = 0.4

/** The value without about half of the members that may be left out. */
function thinned(value: unknown, { required = [] }: SchemaNode, chance: Chance): unknown {
  const members = Object.entries(Object(value)).filter(([name]) => required.includes(name) || chance.happens(0.5))
  return Object.fromEntries(members)
}

interface Crd {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: SchemaNode } }[] }
}

const schemas = new Map<string, SchemaNode>()

/** The schema of the spec, as the API server has it. */
function schemaOf({ kind, presentation }: AnyKind): SchemaNode {
  const known = schemas.get(kind)
  if (known !== undefined) return known
  const file = new URL(`../../../crds/${presentation.plural}.yaml`, import.meta.url)
  const crd: Crd = parse(readFileSync(file, 'utf8'))
  const schema = crd.spec.versions[0]?.schema.openAPIV3Schema.properties?.['spec'] ?? {}
  schemas.set(kind, schema)
  return schema
}

/** Many at a time; answers in the order of `items`. */
async function inFlight<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<readonly R[]> {
  const answers: R[] = []
  const queue = items.entries()
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) answers[index] = await ask(item)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
  return answers
}
