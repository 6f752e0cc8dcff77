const OUTPUT: unique symbol = Symbol('output')

/** A value that an earlier resource of the same composition will provide. Lives for one pass only. */
export interface Output {
  readonly [OUTPUT]: true
  /** Name of the resource in its composition. */
  readonly resource: string
  readonly output: string
}

export type Deferred<T> = T | Output

/** `T` with every `Output` replaced by the value that it stood for. */
export type Resolved<T> = T extends Output
  ? never
  : T extends readonly (infer E)[]
    ? readonly Resolved<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Resolved<T[K]> }
      : T

export function createOutput(resource: string, output: string): Output {
  return { [OUTPUT]: true, resource, output }
}

export function isOutput(value: unknown): value is Output {
  return typeof value === 'object' && value !== null && OUTPUT in value
}

/** Every output mentioned anywhere inside `value`. */
export function outputsIn(value: unknown): readonly Output[] {
  if (isOutput(value)) return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(outputsIn)
}

/** Looks up the value of an output; undefined: not known yet. */
export type OutputLookup = (output: Output) => string | undefined

/** `value` with every known output replaced by its value; unknown ones stay. What mentions none is not copied. */
export function resolveOutputs(value: unknown, lookUp: OutputLookup): unknown {
  if (isOutput(value)) return lookUp(value) ?? value
  if (typeof value !== 'object' || value === null || !mentionsOutput(value)) return value
  if (Array.isArray(value)) return value.map((element) => resolveOutputs(element, lookUp))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolveOutputs(member, lookUp)]))
}

function mentionsOutput(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return isOutput(value) || Object.values(value).some(mentionsOutput)
}
