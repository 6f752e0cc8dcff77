import { COLLECTIONS, collectionOf, isCollection, type Collection } from './collections.ts'
import { InputProblem, wrongField, type Path } from './input-problem.ts'
import { isRecord, type JsonRecord } from './json-record.ts'
import type { ProblemReader } from './problem-reader.ts'

/**
 * Takes one JSON or YAML document apart as it comes in: members of the document, and the elements of its lists one at a
 * time. A document is a problem, a list of Kubernetes objects, or a single one.
 */
export interface DocumentReader {
  readonly member: (key: string, value: unknown) => void
  /** A list begins. */
  readonly list: (key: string | undefined) => void
  /** An element of a list; `key` undefined: the document itself is the list. */
  readonly element: (key: string | undefined, index: number, value: unknown) => void
  readonly end: () => void
}

/** `expected`: what a flag said is in it; undefined: anything. Everything in it throws `InputProblem`s. */
export function createDocumentReader(problem: ProblemReader, expected: Collection | undefined): DocumentReader {
  const members: Record<string, unknown> = {}
  const lists: Record<string, unknown[]> = {}

  function addObject(value: unknown, path: Path): void {
    const kind = isRecord(value) ? value['kind'] : undefined
    const collection = destination(kind ?? listKind(members['kind']), expected, [...path, 'kind'])
    if (collection !== undefined) problem.add(collection, value, path)
  }

  return {
    member: (key, value) => {
      members[key] = value
    },
    list: (key) => {
      const collection = key === undefined ? expected : key
      if (collection !== undefined && isCollection(collection)) problem.begin(collection)
    },
    element: (key, index, value) => {
      if (key === undefined) addObject(value, [index])
      else if (key === 'items') addObject(value, [key, index])
      else if (isCollection(key)) problem.add(key, value, [key, index])
      else (lists[key] ??= []).push(value)
    },
    end: () => {
      const { kind } = members
      const isList = typeof kind === 'string' && kind.endsWith('List')
      if (typeof kind === 'string' && !isList) addObject({ ...members, ...lists }, [])
      else if (!isList) addMembers(problem, { ...members, ...lists })
    },
  }
}

/** Gives a whole value to a reader, as if it came in parts. */
export function readDocument(value: unknown, reader: DocumentReader): void {
  if (Array.isArray(value)) readList(value, undefined, reader)
  else if (isRecord(value)) readMembers(value, reader)
  else throw wrongField([], 'an object', value)
  reader.end()
}

function readMembers(members: JsonRecord, reader: DocumentReader): void {
  for (const [key, value] of Object.entries(members)) {
    if (Array.isArray(value)) readList(value, key, reader)
    else reader.member(key, value)
  }
}

function readList(list: readonly unknown[], key: string | undefined, { list: begin, element }: DocumentReader): void {
  begin(key)
  for (const [index, value] of list.entries()) element(key, index, value)
}

/** `PodList`, as the API server answers, lists objects that do not say their kind. */
function listKind(kind: unknown): unknown {
  return typeof kind === 'string' && kind !== 'List' ? kind.replace(/List$/, '') : undefined
}

function destination(kind: unknown, expected: Collection | undefined, path: Path): Collection | undefined {
  if (kind === undefined && expected !== undefined) return expected
  if (typeof kind !== 'string') throw wrongField(path, 'the kind of the object', kind)
  const collection = collectionOf(kind)
  if (expected === undefined || collection === expected) return collection
  throw wrongField(path, COLLECTIONS[expected].join(' or ') || expected, kind)
}

/** Where a list comes as a list object of Kubernetes, and what is no list. */
function addMembers(problem: ProblemReader, members: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(members)) {
    if (value === null) continue
    if (key === 'options') problem.settings(value, [key])
    else if (isCollection(key)) addListObject(problem, key, value)
    else refuseUnknown(key, value)
  }
}

function addListObject(problem: ProblemReader, collection: Collection, value: unknown): void {
  const items = isRecord(value) ? value['items'] : undefined
  if (!Array.isArray(items)) throw wrongField([collection], 'a list', value)
  items.forEach((item, index) => {
    problem.add(collection, item, [collection, 'items', index])
  })
}

/** A word or a number beside the problem is a note of whoever wrote it; a list under another name is a slip. */
function refuseUnknown(key: string, value: unknown): void {
  if (typeof value !== 'object') return
  const known = [...Object.keys(COLLECTIONS), 'options'].join(', ')
  throw new InputProblem(`${key} is not known: a problem has ${known}`)
}
