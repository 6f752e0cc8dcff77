import { Buffer } from 'node:buffer'
import { LineCounter, parseAllDocuments } from 'yaml'
import type { Collection } from './collections.ts'
import { createDocumentReader, readDocument, type DocumentReader } from './document-reader.ts'
import { InputProblem, pathText, type Path } from './input-problem.ts'
import { createJsonSplitter, type JsonSplitter } from './json-splitter.ts'
import type { ProblemReader } from './problem-reader.ts'
import { isSpace } from './value-scanner.ts'

/** Takes a text in parts: JSON, several JSON values after each other, or YAML documents. */
export interface TextReader {
  readonly push: (bytes: Uint8Array) => void
  readonly finish: () => void
}

const [OPEN_OBJECT, OPEN_LIST] = Buffer.from('{[')

/** `expected`: what the flag of the text said is in it. Both members throw `InputProblem`s. */
export function createTextReader(problem: ProblemReader, expected: Collection | undefined): TextReader {
  let reader: TextReader | undefined
  return {
    push: (bytes) => {
      const first = bytes.findIndex((byte) => !isSpace(byte))
      if (reader === undefined && first === -1) return
      reader ??= isJsonStart(bytes[first]) ? jsonReader(problem, expected) : yamlReader(problem, expected)
      reader.push(bytes)
    },
    finish: () => {
      if (reader === undefined) throw new InputProblem('wants a JSON or YAML document, but is empty')
      reader.finish()
    },
  }
}

function isJsonStart(byte: number | undefined): boolean {
  return byte === OPEN_OBJECT || byte === OPEN_LIST
}

function jsonReader(problem: ProblemReader, expected: Collection | undefined): JsonSplitter {
  let document: DocumentReader | undefined
  const current = (): DocumentReader => (document ??= createDocumentReader(problem, expected))
  return createJsonSplitter({
    member: (key, text) => {
      current().member(key, parsed(text, [key]))
    },
    list: (key) => {
      current().list(key)
    },
    element: (key, index, text) => {
      current().element(key, index, parsed(text, key === undefined ? [index] : [key, index]))
    },
    end: () => {
      current().end()
      document = undefined
    },
  })
}

function parsed(text: string, path: Path): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    // V8's own message quotes the text, and a text may hold what nobody should see in a log.
    throw new InputProblem(`${pathText(path)} wants valid JSON`)
  }
}

function yamlReader(problem: ProblemReader, expected: Collection | undefined): TextReader {
  const parts: Uint8Array[] = []
  return {
    push: (bytes) => {
      parts.push(bytes)
    },
    finish: () => {
      for (const value of yamlValues(Buffer.concat(parts).toString('utf8'))) {
        readDocument(value, createDocumentReader(problem, expected))
      }
    },
  }
}

function yamlValues(text: string): readonly unknown[] {
  const lineCounter = new LineCounter()
  const documents = [...parseAllDocuments(text, { lineCounter, prettyErrors: false, uniqueKeys: true })]
  for (const { errors } of documents) {
    const [error] = errors
    if (error === undefined) continue
    const words = error.code.toLowerCase().replaceAll('_', ' ')
    throw new InputProblem(`line ${lineCounter.linePos(error.pos[0]).line} wants valid YAML (${words})`)
  }
  return documents.map((document): unknown => document.toJS()).filter((value) => value !== null)
}
