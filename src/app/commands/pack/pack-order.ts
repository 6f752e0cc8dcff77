import type { Collection } from './collections.ts'
import type { Standing } from './decide.ts'
import type { PackSettings } from './schema/settings.ts'

/** What a thread is asked to pack. */
export interface PackOrder {
  /** Where the parts of the input come from, by their number. */
  readonly sources: readonly PackSource[]
  /** From flags; they go before those of the document. */
  readonly settings: PackSettings
  readonly view: View
}

export interface PackSource {
  /** For complaints: the file, or standard input. */
  readonly name: string
  /** What its flag says is in it; undefined: anything. */
  readonly expected: Collection | undefined
}

/** How the plan is to be shown. */
export type View =
  | { readonly format: 'json' | 'yaml' | 'svg' }
  | { readonly format: 'table'; readonly columns: number; readonly isColoured: boolean }

export type PackFormat = View['format']

/** What the thread has to say: the plan is in the bytes, or the input was refused with a sentence. */
export type PackAnswer =
  | { readonly type: 'packed'; readonly notes: readonly string[] }
  | { readonly type: 'refused'; readonly sentence: string }

/** How far it is. */
export type PackProgress =
  | { readonly type: 'reading'; readonly megabytes: number }
  | ({ readonly type: 'packing'; readonly pods: number } & Standing)
