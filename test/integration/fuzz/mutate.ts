import type { SchemaNode } from '../../../tools/generate/schema-node.ts'
import type { Chance } from './chance.ts'
import { sampleOf } from './sample.ts'

/** One way to spoil, or only to change, a value. */
interface Mutation {
  /** `spec.cpu: wrong type`. */
  readonly words: string
  /** The whole with the change in it. */
  readonly apply: () => unknown
}

/** A place in a value, with what the schema says about it. */
interface Site {
  readonly value: unknown
  readonly node: SchemaNode
  readonly path: string
  /** The whole, with another value in this place; undefined: with none. */
  readonly put: (value: unknown) => unknown
}

export interface Mutated {
  readonly value: unknown
  readonly words: readonly string[]
}

const MANY = 60
const LONG = 40_000

/** `value` with `count` changes, one after the other. */
export function mutate(value: unknown, node: SchemaNode, { count, chance, mood }: MutateOptions): Mutated {
  let mutated: Mutated = { value, words: [] }
  for (let done = 0; done < count; done++) {
    const mutations = mutationsAt(chosenSite(mutated.value, node, chance), chance)
    const mutation = chance.one(mood === 'spoil' ? mutations : mutations.filter(({ words }) => LIKELY.test(words)))
    if (mutation !== undefined) mutated = { value: mutation.apply(), words: [...mutated.words, mutation.words] }
  }
  return mutated
}

interface MutateOptions {
  readonly count: number
  readonly chance: Chance
  /** `vary`: only what a user might want, most of which the API server takes. */
  readonly mood: 'spoil' | 'vary'
}

const LIKELY = /(added|dropped|another element|the other|as many|as long|another word|one more|: -?\d+)( way round)?$/

/** Deep places are as many as there are; every level gets its turn. */
function chosenSite(value: unknown, node: SchemaNode, chance: Chance): Site {
  let site: Site = { value, node, path: 'spec', put: (other) => other }
  for (;;) {
    const inner = sitesIn(site)
    if (inner.length === 0 || chance.happens(0.25)) return site
    site = chance.one(inner) ?? site
  }
}

function sitesIn(site: Site): readonly Site[] {
  const { value, node, path, put } = site
  if (Array.isArray(value)) {
    return value.map((element: unknown, index) => ({
      value: element,
      node: node.items ?? {},
      path: `${path}[${index}]`,
      put: (other) =>
        put(value.flatMap((each: unknown, at) => (at !== index ? [each] : other === undefined ? [] : [other]))),
    }))
  }
  return Object.entries(membersIn(value)).map(([name, member]) => ({
    value: member,
    node: node.properties?.[name] ?? {},
    path: `${path}.${name}`,
    put: (other) => put(withMember(membersIn(value), name, other)),
  }))
}

function mutationsAt(site: Site, chance: Chance): readonly Mutation[] {
  const { value, path, put } = site
  const to = (words: string, other: unknown): Mutation => ({ words: `${path}: ${words}`, apply: () => put(other) })
  return [
    to('dropped', undefined),
    to('null', null),
    to('another type', anotherType(value)),
    ...(Array.isArray(value) ? listMutations(value, site, chance) : []),
    ...(typeof value === 'string' ? textMutations(value, site.node, chance) : []).map(([words, other]) =>
      to(words, other),
    ),
    ...(typeof value === 'number' ? numberMutations(site.node) : []).map((other) => to(`${other}`, other)),
    ...(typeof value === 'boolean' ? [to('the other', !value), to('as text', String(value))] : []),
    ...(isObject(value) ? objectMutations(value, site, chance) : []),
  ]
}

function anotherType(value: unknown): unknown {
  if (typeof value === 'string') return 7
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return { 0: value[0] }
  return isObject(value) ? [value] : {}
}

function listMutations(value: readonly unknown[], { node, path, put }: Site, chance: Chance): readonly Mutation[] {
  const to = (words: string, other: unknown): Mutation => ({ words: `${path}: ${words}`, apply: () => put(other) })
  const grown = (count: number): unknown[] => Array.from({ length: count }, () => sampleOf(node.items ?? {}, chance))
  return [
    to('empty', []),
    to('an element twice', [...value, ...value.slice(0, 1)]),
    to('another element', [...value, sampleOf(node.items ?? {}, chance)]),
    to('the other way round', value.toReversed()),
    to('far too many', grown((node.maxItems ?? MANY) + 1)),
    to('as many as allowed', grown(Math.min(MANY, node.maxItems ?? MANY))),
  ]
}

function textMutations(value: string, { maxLength = LONG, enum: words = [] }: SchemaNode, chance: Chance) {
  const longest = Math.min(maxLength, LONG)
  return [
    ['empty', ''],
    ['one too long', 'a'.repeat(longest + 1)],
    ['as long as allowed', 'a'.repeat(longest)],
    ['other case', value === value.toUpperCase() ? value.toLowerCase() : value.toUpperCase()],
    ['unicode', `${value}\u{1F6A2}é漢`],
    ['blanks', ` ${value}\t`],
    ['control characters', `${value}\u0000\u001b`],
    ['path', `../../${value}`],
    ['one more', `${value}x`],
    ['leading zero', `0${value}`],
    ['another word of the list', chance.one(words) ?? value],
    ['a word that looks right', `${value}_2`],
  ] as const
}

function numberMutations({ minimum = 0, maximum = 2 ** 31 - 1 }: SchemaNode): readonly number[] {
  return [minimum - 1, minimum, minimum + 1, maximum - 1, maximum, maximum + 1, 0, -1, 1.5, 2 ** 31, 2 ** 53]
}

function objectMutations(value: Members, { node, path, put }: Site, chance: Chance): readonly Mutation[] {
  const name = chance.one(Object.keys(value))
  const absent = Object.entries(node.properties ?? {}).filter(([key]) => !(key in value))
  const [added, schema = {}] = chance.one(absent) ?? []
  const to = (words: string, other: unknown): Mutation => ({ words: `${path}${words}`, apply: () => put(other) })
  return [
    to(': empty', {}),
    to('.colour: unknown', { ...value, colour: 'blue' }),
    ...(name === undefined ? [] : renamings(name, value).map((other) => to(`.${name}: renamed`, other))),
    // What the examples leave out is most of what there is.
    ...Array.from({ length: added === undefined ? 0 : 6 }, () =>
      to(`.${added}: added`, { ...value, [added ?? '']: sampleOf(schema, chance) }),
    ),
  ]
}

function renamings(name: string, value: Members): readonly Members[] {
  const { [name]: member, ...others } = value
  return [
    { ...others, [`${name}s`]: member },
    { ...others, [name.toUpperCase()]: member },
  ]
}

type Members = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function membersIn(value: unknown): Members {
  return isObject(value) ? value : {}
}

function withMember(value: Members, name: string, member: unknown): Members {
  const { [name]: _, ...others } = value
  return member === undefined ? others : { ...value, [name]: member }
}
