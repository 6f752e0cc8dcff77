/** Whether an operation only reads: it changes nothing, and may answer with the past. */
export function isRead(operation: string): boolean {
  return /^(Describe|List|Get|BatchGet|BatchCheck|Filter|Lookup)/.test(operation)
}
