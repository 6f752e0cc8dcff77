/** `T` as AWS's types have it, but never changed: what desired states, plans and observations hold. */
export type Plain<T> = T extends readonly (infer E)[]
  ? readonly Plain<E>[]
  : T extends Date
    ? Date
    : T extends object
      ? { readonly [K in keyof T]: Plain<T[K]> }
      : T

/** A copy of `value` in the shape that the SDK's commands take: theirs are mutable, ours are not. */
export function commandInputFrom<T>(value: Plain<T>): T {
  return structuredClone(value) as T
}
