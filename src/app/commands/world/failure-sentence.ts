import { Failure } from '../../../core/failure.ts'

/** One sentence for a person about what could not be read or reached. Rethrows what is neither: a bug of ours. */
export function failureSentence(error: unknown): string {
  if (error instanceof Failure) return withCause(error)
  // Files that are not there or may not be read: Node's own sentence names them.
  if (error instanceof Error && 'code' in error && 'path' in error) return error.message
  throw error
}

function withCause({ message, cause }: Failure): string {
  return cause instanceof Error && cause.message !== '' && !message.includes(cause.message)
    ? `${message} (${cause.message})`
    : message
}
