import { Visitor, parseSync } from 'oxc-parser'

/** What is counted in one file. Lines that are blank count nowhere. */
export interface FileNumbers {
  readonly lines: number
  readonly commentLines: number
  /** Lines of each function that has a body in braces, from its first word to the last brace. */
  readonly functionLengths: readonly number[]
  /** Comments that switch a check off. */
  readonly suppressions: number
  readonly anys: number
  /** `!` after an expression. */
  readonly assertions: number
  /** `as` other than `as const`. */
  readonly casts: number
}

const SUPPRESSION = /\b(?:oxlint|eslint)-disable|@ts-(?:ignore|expect-error|nocheck)|prettier-ignore/

/** Counts in TypeScript or JavaScript. Errors: an `Error` when it does not parse. */
export function numbersOf(path: string, text: string): FileNumbers {
  const { program, comments, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path} does not parse: ${errors[0].message}`)
  return {
    lines: linesIn(text),
    commentLines: comments.reduce((sum, { start, end }) => sum + linesIn(text.slice(start, end)), 0),
    suppressions: comments.filter(({ value }) => SUPPRESSION.test(value)).length,
    ...counted(program, (start, end) => linesIn(text.slice(start, end))),
  }
}

function linesIn(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length
}

function counted(
  program: ReturnType<typeof parseSync>['program'],
  linesBetween: (start: number, end: number) => number,
) {
  const functionLengths: number[] = []
  const numbers = { anys: 0, assertions: 0, casts: 0 }
  const measure = ({ body, start, end }: { body: { type: string } | null; start: number; end: number }): void => {
    if (body?.type === 'BlockStatement') functionLengths.push(linesBetween(start, end))
  }
  new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
    TSAnyKeyword: () => void numbers.anys++,
    TSNonNullExpression: () => void numbers.assertions++,
    TSAsExpression: ({ typeAnnotation }) => void (isConst(typeAnnotation) || numbers.casts++),
  }).visit(program)
  return { ...numbers, functionLengths }
}

function isConst(type: { readonly type: string; readonly typeName?: { readonly type: string } }): boolean {
  const { typeName } = type
  return typeName !== undefined && 'name' in typeName && typeName.name === 'const'
}
