type JsonObject = Readonly<Record<string, unknown>>

/**
 * Whether AWS has something else than what is wanted. What is not mentioned in `desired` does not count; what AWS leaves
 * out of its answer is off, zero or empty; the order of lists has no meaning in any member of a service.
 */
export function differs(desired: unknown, observed: unknown): boolean {
  if (desired === undefined) return false
  if (Array.isArray(desired)) return listDiffers(desired, observed)
  if (isObject(desired)) return objectDiffers(desired, isObject(observed) ? observed : {})
  return desired !== observed && !(observed === undefined && isOff(desired))
}

function listDiffers(desired: readonly unknown[], observed: unknown): boolean {
  const others: readonly unknown[] = Array.isArray(observed) ? observed : []
  if (desired.length !== others.length) return true
  return desired.some((element) => others.every((other) => differs(element, other)))
}

function objectDiffers(desired: JsonObject, observed: JsonObject): boolean {
  return Object.entries(desired).some(([key, value]) =>
    key === 'namespace' ? namespaceDiffers(value, observed[key]) : differs(value, observed[key]),
  )
}

/** A Cloud Map namespace may be given by name and answered by ARN, which does not contain the name: not comparable. */
function namespaceDiffers(desired: unknown, observed: unknown): boolean {
  return isArn(desired) === isArn(observed) && differs(desired, observed)
}

function isArn(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('arn:')
}

function isOff(value: unknown): boolean {
  return value === false || value === 0 || value === '' || value === 'DISABLED' || value === 'NONE'
}

/** `base` with the members of `over` in their place, at every depth; lists are replaced whole. */
export function overlaid<T>(base: T | undefined, over: T): T
export function overlaid(base: unknown, over: unknown): unknown {
  if (over === undefined) return base
  if (!isObject(base) || !isObject(over)) return over
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])]
  return Object.fromEntries(keys.map((key) => [key, overlaid(base[key], over[key])]))
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
