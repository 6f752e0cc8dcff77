/** Where in a document something stands: names of members and numbers of elements. */
export type Path = readonly (string | number)[]

/** What a person gave us is not what we need. The message is one sentence that names the field and what was expected. */
export class InputProblem extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InputProblem'
  }
}

const LONGEST_VALUE = 60

/** `pods[3].spec.nodeName wants a text, not 5`. */
export function wrongField(path: Path, wants: string, value: unknown): InputProblem {
  const field = path.length === 0 ? 'the document' : pathText(path)
  return new InputProblem(
    `${field} wants ${wants}, ${value === undefined ? 'but is missing' : `not ${inWords(value)}`}`,
  )
}

/** `pods[3].spec.nodeSelector["topology.kubernetes.io/zone"]`. */
export function pathText(path: Path): string {
  return path.map((part, index) => partText(part, index)).join('')
}

function partText(part: string | number, index: number): string {
  if (typeof part === 'number') return `[${part}]`
  if (!/^\w+$/.test(part)) return `[${JSON.stringify(part)}]`
  return index === 0 ? part : `.${part}`
}

function inWords(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  if (text.length <= LONGEST_VALUE) return text
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `${text.slice(0, LONGEST_VALUE)}…`
}
