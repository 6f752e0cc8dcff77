import { invalidParameter } from './faults.ts'
import { LEDGER } from './ledger.ts'

const NAME = new RegExp(`^[a-zA-Z0-9_-]{1,${LEDGER.nameLength.value}}$`)

export const isName = (text: string): boolean => NAME.test(text)

/** Throws InvalidParameterException unless `text` is a name that ECS accepts. */
export function checkName(what: string, text: string | undefined): string {
  if (!text) throw invalidParameter(`${what} cannot be empty.`)
  if (!isName(text)) throw invalidParameter(`${what} must be 1 to 255 letters, numbers, hyphens or underscores.`)
  return text
}

/** Throws InvalidParameterException unless the token has 1 to `length` visible ASCII characters. */
export function checkToken(token: string | undefined, length: number): void {
  if (token === undefined) return
  if (!/^[\x21-\x7e]+$/.test(token) || token.length > length)
    throw invalidParameter(`clientToken must be 1 to ${length} ASCII characters in the range of 33-126.`)
}

/** The time as answers have it. */
export const dateOf = (moment: number | undefined): Date | undefined =>
  moment === undefined ? undefined : new Date(moment)
