import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { after } from 'node:test'

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

interface Content {
  readonly type: string
  readonly bytes: Buffer
}

const UPLOAD = '/blobs/uploads/'

/**
 * An OCI registry in memory, as far as `helm push` and `helm pull` need one. Answers its host and port; plain HTTP.
 * Source: OCI Distribution Specification 1.1, "Endpoints".
 */
export async function startOciRegistry(): Promise<string> {
  const contents = new Map<string, Content>()
  const server = createServer((request, response) => {
    void answerTo(request, contents).then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => void server.close())
  const { port } = server.address() as AddressInfo
  return `127.0.0.1:${port}`
}

async function answerTo(request: IncomingMessage, contents: Map<string, Content>): Promise<Answer> {
  const { method = '', url = '', headers } = request
  const { pathname } = new URL(url, 'http://registry')
  if (method === 'POST') return { status: 202, headers: { location: `${pathname}1` } }
  if (method !== 'PUT') return found(contents.get(pathname), method)

  const content = { type: headers['content-type'] ?? 'application/octet-stream', bytes: await buffer(request) }
  const digest = digestOf(content)
  const places = placesOf(pathname, digest)
  for (const place of places) contents.set(place, content)
  return { status: 201, headers: { location: places[0] ?? '', 'docker-content-digest': digest } }
}

/** A blob goes to the place of its upload and is read by its digest; a manifest is read by its tag, too. */
function placesOf(pathname: string, digest: string): readonly string[] {
  const [repository = '', upload] = pathname.split(UPLOAD)
  if (upload !== undefined) return [`${repository}/blobs/${digest}`]
  return [pathname.replace(/[^/]+$/, digest), pathname]
}

function digestOf({ bytes }: Content): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

function found(content: Content | undefined, method: string): Answer {
  if (content === undefined) return { status: 404 }
  const { type, bytes } = content
  const headers = {
    'content-type': type,
    'content-length': String(bytes.length),
    'docker-content-digest': digestOf(content),
  }
  return method === 'HEAD' ? { status: 200, headers } : { status: 200, headers, body: bytes }
}
