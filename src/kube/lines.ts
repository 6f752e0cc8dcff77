const NEWLINE = 10

/** Splits a stream of bytes into lines of text; a last line without its end is handed out as well. */
export async function* linesFrom(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  let open: Uint8Array[] = []
  for await (const chunk of chunks) {
    let start = 0
    // Bytes, not text: a character of several bytes may be cut anywhere.
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const last = chunk.subarray(start, end)
      yield open.length === 0 ? textOf(last) : Buffer.concat([...open, last]).toString()
      if (open.length > 0) open = []
      start = end + 1
    }
    if (start < chunk.length) open.push(chunk.subarray(start))
  }
  if (open.length > 0) yield Buffer.concat(open).toString()
}

/** Without copying the bytes: most lines lie within one chunk. */
function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString()
}
