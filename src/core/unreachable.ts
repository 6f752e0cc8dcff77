/** The compiler refuses a call to this while a case of a union is not handled; at run time it is a bug of ours. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`)
}
