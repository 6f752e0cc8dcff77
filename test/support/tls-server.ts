import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerResponse } from 'node:http'
import type { TlsMaterial } from '../../src/kube/connect.ts'
import { createAuthority, issueClientCertificate, issueServerCertificate } from '../../tools/control-plane/pki.ts'

/** An HTTPS server that answers as it is told. */
export interface TlsServer extends AsyncDisposable {
  readonly url: URL
  /** What a client needs to be `user` to it. */
  readonly clientFor: (user: string) => Promise<TlsMaterial>
}

/** Told who asks. */
export type TlsAnswer = (user: string, response: ServerResponse, path: string) => void

/** Without `takesAnybody` it wants client certificates of its authority. */
export async function startTlsServer(answer: TlsAnswer, { takesAnybody = false } = {}): Promise<TlsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-tls-'))
  const authority = await createAuthority(folder)
  const own = await issueServerCertificate(folder, authority)
  const ca = await readFile(authority.certificatePath, 'utf8')
  const pair = { cert: await readFile(own.certificatePath), key: await readFile(own.keyPath) }
  const server = createServer({ ca, ...pair, requestCert: !takesAnybody }, (request, response) => {
    const socket = request.socket as import('node:tls').TLSSocket
    answer(takesAnybody ? 'anybody' : String(socket.getPeerCertificate().subject.CN), response, request.url ?? '/')
  })
  return {
    url: new URL(`https://127.0.0.1:${await listen(server)}`),
    clientFor: async (user) => {
      const { certificatePath, keyPath } = await issueClientCertificate(folder, authority, user, [])
      return { ca, cert: await readFile(certificatePath, 'utf8'), key: await readFile(keyPath, 'utf8') }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true })
    },
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
