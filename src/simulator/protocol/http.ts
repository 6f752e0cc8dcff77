/** One HTTP request, whichever way it came: header names in lower case, query values decoded. */
export interface HttpRequest {
  readonly method: string
  /** Percent-encoded, as sent, without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[] | null | undefined>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Of the client; absent: it is in this process. */
  readonly remoteAddress?: string | undefined
}

/** A complete HTTP response. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** What came over the wire for a structure: its members, and the names that its shape does not have. */
export interface ParsedInput {
  readonly value: Readonly<Record<string, unknown>>
  readonly unknownMembers: readonly string[]
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
