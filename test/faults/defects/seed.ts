import { registerHooks, type LoadFnOutput } from 'node:module'

/** A mistake that somebody could make in the operator: what its source would say instead. */
export interface Defect {
  /** What the operator does wrong. */
  readonly fact: string
  readonly edits: readonly Edit[]
}

/** In `file` (from the root of the project), this text, which stands there once, is replaced. */
export interface Edit {
  readonly file: string
  readonly find: string
  readonly put: string
}

const ROOT = new URL('../../../', import.meta.url)

/**
 * From now on this process (or thread) loads the operator with the defect in it. To be called before anything of the
 * operator is imported.
 */
export function seed({ edits }: Defect): void {
  const editsByUrl = Map.groupBy(edits, ({ file }) => new URL(file, ROOT).href)
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context)
      const found = editsByUrl.get(url)
      return found === undefined ? loaded : { ...loaded, source: found.reduce(edited, textOf(loaded)) }
    },
  })
}

/** The text with one edit. Throws when its place is not there: then the defect has to be said anew. */
export function edited(text: string, { file, find, put }: Edit): string {
  const [before, after, ...others] = text.split(find)
  if (before === undefined || after === undefined || others.length > 0) {
    throw new Error(`the defect finds "${find}" not exactly once in ${file}: say it anew for the code as it is now`)
  }
  return before + put + after
}

function textOf({ source }: LoadFnOutput): string {
  return typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString()
}
