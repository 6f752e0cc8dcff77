import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LineCounter, parseAllDocuments } from 'yaml'
import { elementsIn, memberOf, stringIn } from '../../../core/json.ts'
import type { ObjectMeta } from '../../../kube/cluster.ts'
import { idOf } from '../world/objects.ts'

/** One document of a file that is ours. */
export interface Manifest {
  /** `service.yaml, document 2`. */
  readonly place: string
  readonly kind: string
  readonly metadata: ObjectMeta & { readonly namespace: string }
  readonly spec: unknown
}

export interface ReadManifests {
  readonly manifests: readonly Manifest[]
  /** Documents of other groups, which are none of our business. */
  readonly skipped: number
  /** Sentences that name the file and the document. */
  readonly errors: readonly string[]
}

interface Text {
  readonly name: string
  readonly text: string
}

interface Place {
  readonly place: string
  readonly value: unknown
}

const EXTENSIONS = /\.(ya?ml|json)$/
const GROUP = 'longshore.dev/'
const API_VERSION = `${GROUP}v1alpha1`

export interface ManifestOptions {
  /** Of objects that name none. */
  readonly namespace: string
  /** Whether an object may name another. */
  readonly isNamespaceFixed: boolean
  readonly kinds: ReadonlySet<string>
  readonly readInput: () => Promise<string>
}

/** Reads files, folders (all the way down) and `-`. Throws for what cannot be read; what is wrong inside is in `errors`. */
export async function readManifests(paths: readonly string[], options: ManifestOptions): Promise<ReadManifests> {
  const texts = (await Promise.all(paths.map((path) => readTexts(path, options.readInput)))).flat()
  const parsed = texts.map(parse)
  const documents = parsed.flatMap(({ documents: found }) => found)
  const ours = documents.filter(({ value }) => stringIn(value, 'apiVersion')?.startsWith(GROUP) ?? false)
  const strange = documents.filter(({ value }) => stringIn(value, 'apiVersion') === undefined)
  const read = ours.map((document) => manifestFrom(document, options))
  const manifests = read.flatMap((result) => (typeof result === 'string' ? [] : [result]))
  return {
    manifests,
    skipped: documents.length - ours.length - strange.length,
    errors: [
      ...parsed.flatMap(({ errors }) => errors),
      ...strange.map(({ place }) => `${place}: not a Kubernetes object, it has no apiVersion`),
      ...read.flatMap((result) => (typeof result === 'string' ? [result] : [])),
      ...twins(manifests),
    ],
  }
}

async function readTexts(path: string, readInput: () => Promise<string>): Promise<readonly Text[]> {
  if (path === '-') return [{ name: 'standard input', text: await readInput() }]
  if (!(await stat(path)).isDirectory()) return [{ name: path, text: await readFile(path, 'utf8') }]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && EXTENSIONS.test(entry.name))
  const names = files.map(({ parentPath, name }) => join(parentPath, name)).toSorted()
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(name, 'utf8') })))
}

function parse({ name, text }: Text): { readonly documents: readonly Place[]; readonly errors: readonly string[] } {
  const lineCounter = new LineCounter()
  // Without pretty errors: those quote the file, and a file may hold what nobody should see in a log.
  const documents = [...parseAllDocuments(text, { lineCounter, prettyErrors: false, uniqueKeys: true })]
  const places = documents.map((document, index) => ({ place: `${name}, document ${index + 1}`, document }))
  return {
    documents: places.flatMap(({ place, document }) =>
      document.errors.length > 0 ? [] : itemsOf({ place, value: document.toJS() }),
    ),
    errors: places.flatMap(({ place, document }) =>
      document.errors.map(({ code, pos }) => `${place}: line ${lineCounter.linePos(pos[0]).line}: ${wordsFor(code)}`),
    ),
  }
}

/** `DUPLICATE_KEY`: the parser's own messages may quote what they stumbled over. */
function wordsFor(code: string): string {
  return `cannot be read (${code.toLowerCase().replaceAll('_', ' ')})`
}

/** An empty document is none; a List is what it lists. */
function itemsOf({ place, value }: Place): readonly Place[] {
  if (value === null || value === undefined) return []
  if (stringIn(value, 'kind') !== 'List') return [{ place, value }]
  return elementsIn(value, 'items').map((item, index) => ({ place: `${place}, item ${index + 1}`, value: item }))
}

function manifestFrom({ place, value }: Place, options: ManifestOptions): Manifest | string {
  const kind = stringIn(value, 'kind') ?? ''
  const metadata = memberOf(value, 'metadata')
  const name = stringIn(metadata, 'name')
  if (stringIn(value, 'apiVersion') !== API_VERSION) return `${place}: apiVersion must be ${API_VERSION}`
  if (!options.kinds.has(kind)) return `${place}: kind: there is no ${kind || 'kind'} in ${API_VERSION}`
  if (name === undefined) return `${place} (${kind}): metadata.name is missing`

  const namespace = stringIn(metadata, 'namespace') ?? options.namespace
  if (options.isNamespaceFixed && namespace !== options.namespace) {
    return `${place} (${kind} ${name}): metadata.namespace is ${namespace}, but --namespace says ${options.namespace}`
  }
  const annotations = textsIn(metadata, 'annotations')
  const labels = textsIn(metadata, 'labels')
  return { place, kind, metadata: { name, namespace, annotations, labels }, spec: memberOf(value, 'spec') }
}

function textsIn(metadata: unknown, key: string): Readonly<Record<string, string>> {
  const member = memberOf(metadata, key)
  if (typeof member !== 'object' || member === null) return {}
  return Object.fromEntries(Object.entries(member).map(([name, value]) => [name, String(value)]))
}

function twins(manifests: readonly Manifest[]): readonly string[] {
  return [...Map.groupBy(manifests, idOf)].flatMap(([id, [first, ...others]]) =>
    others.map(({ place }) => `${place} (${id}): the same object stands in ${first?.place}`),
  )
}
