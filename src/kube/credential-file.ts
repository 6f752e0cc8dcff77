import { readFile } from 'node:fs/promises'
import { Failure } from '../core/failure.ts'

/** Reads a file that a connection cannot do without. Throws `Failure` (`credentials`). */
export async function readCredentialFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Failure('credentials', `read ${path}`, { cause })
  }
}
