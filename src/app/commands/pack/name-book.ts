import { InputProblem, pathText, type Path } from './input-problem.ts'

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** Gives an object back, unless another of its kind has its name: the answer tells them apart by that. */
export type NameBook = <Type extends Named>(what: string, object: Type, path: Path) => Type

export function createNameBook(): NameBook {
  const seen = new Map<string, Path>()
  return (what, object, path) => {
    const { name, namespace } = object.metadata
    const id = `${what} ${namespace === undefined ? '' : `${namespace}/`}${name}`
    const twin = seen.get(id)
    if (twin !== undefined) {
      throw new InputProblem(`${pathText(path)} is ${id} again, which ${pathText(twin)} is: each may come only once`)
    }
    seen.set(id, path)
    return object
  }
}
