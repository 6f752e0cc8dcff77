import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Agent, createServer, request as forward } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { createAuthority, issueServerCertificate } from '../../../tools/control-plane/pki.ts'
import { openConduit, type Conduit } from './conduit.ts'
import { isMetBy, refuse, type Effect, type Fault, type InjectedFault, type ProxiedRequest } from './fault.ts'

/** A man in the middle between an operator and its API server, who can do anything that networks and servers do. */
export interface FaultProxy {
  /** For who connects through it: as the one given, with the proxy's address and certificate authority. */
  readonly kubeconfigPath: string
  /** Every request so far, in order. */
  readonly requests: readonly ProxiedRequest[]
  /** Requests from now on meet the fault; of several that match, the one injected first counts. */
  readonly inject: (fault: Fault) => InjectedFault
  /** The answers under way that match: open watches above all. */
  readonly open: (match: Pick<Fault, 'method' | 'ends' | 'form'>) => readonly Conduit[]
}

export interface FaultProxyOptions {
  /** What becomes of a request that no injected fault meets. */
  readonly decide?: (request: ProxiedRequest) => Effect | undefined
  /** The API server has answered; false: nobody will hear of it. Watches have answered when they begin. */
  readonly mayAnswer?: (request: ProxiedRequest) => boolean
}

/** The parts of a kubeconfig that change. Credentials in it are tokens: a client certificate would end at the proxy. */
interface Kubeconfig {
  readonly clusters: readonly {
    readonly name: string
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string }
  }[]
}

/** Starts a proxy to the server of a kubeconfig (JSON); it ends with the test file. */
export async function startFaultProxy(kubeconfigPath: string): Promise<FaultProxy> {
  const proxy = await openFaultProxy(kubeconfigPath)
  after(() => proxy[Symbol.asyncDispose]())
  return proxy
}

/** Starts a proxy to the server of a kubeconfig (JSON). */
export async function openFaultProxy(
  kubeconfigPath: string,
  { decide, mayAnswer = () => true }: FaultProxyOptions = {},
): Promise<FaultProxy & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-proxy-'))
  const authority = await createAuthority(folder)
  const { certificatePath, keyPath } = await issueServerCertificate(folder, authority)
  const kubeconfig: Kubeconfig = JSON.parse(await readFile(kubeconfigPath, 'utf8'))
  const target = targetOf(kubeconfig)
  const faults = createFaults()
  const conduits = new Set<Conduit>()
  const sockets = createSockets()
  const requests: ProxiedRequest[] = []

  const server = createServer(
    { cert: await readFile(certificatePath), key: await readFile(keyPath) },
    (incoming, response) => {
      const proxied = requestFrom(incoming)
      requests.push(proxied)
      // A client that goes is no error of ours.
      incoming.on('error', () => {})
      response.on('error', () => {})
      const reset = (): void => sockets.reset(incoming.socket)
      const effect = faults.meet(proxied) ?? decide?.(proxied)
      pass(target, { proxied, incoming, response, reset, effect, conduits, mayAnswer })
    },
  )
  server.on('connection', (raw) => sockets.add(raw))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const ca = await readFile(authority.certificatePath, 'base64')
  const path = join(folder, 'proxied.kubeconfig')
  await writeFile(path, JSON.stringify(redirected(kubeconfig, `https://127.0.0.1:${port}`, ca)), { mode: 0o600 })
  return {
    kubeconfigPath: path,
    requests,
    inject: faults.inject,
    open: (match) => [...conduits].filter(({ request }) => isMetBy(request, match)),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      target.agent.destroy()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true })
    },
  }
}

interface Target {
  readonly url: URL
  readonly agent: Agent
}

function targetOf({ clusters: [entry] }: Kubeconfig): Target {
  if (entry === undefined) throw new Error('the kubeconfig has no cluster')
  const { server, 'certificate-authority-data': ca } = entry.cluster
  return { url: new URL(server), agent: new Agent({ keepAlive: true, ca: Buffer.from(ca, 'base64') }) }
}

function redirected(kubeconfig: Kubeconfig, server: string, ca: string): Kubeconfig {
  const clusters = kubeconfig.clusters.map(({ name }) => ({
    name,
    cluster: { server, 'certificate-authority-data': ca },
  }))
  return { ...kubeconfig, clusters }
}

function requestFrom({ method = '', url = '/' }: IncomingMessage): ProxiedRequest {
  const { pathname, searchParams } = new URL(url, 'https://proxy')
  return { method, path: pathname, query: searchParams, at: Date.now() }
}

interface Passage {
  readonly proxied: ProxiedRequest
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
  readonly reset: () => void
  readonly effect: Effect | undefined
  readonly conduits: Set<Conduit>
  readonly mayAnswer: (request: ProxiedRequest) => boolean
}

function pass(target: Target, passage: Passage): void {
  const { incoming, response, effect, reset } = passage
  switch (effect?.type) {
    case 'answer':
      refuse(response, effect)
      return
    case 'reset':
      reset()
      return
    case 'half-open':
      incoming.resume()
      return
    case 'lost-answer':
      ask(target, passage, (answer) => {
        answer.resume().on('end', reset)
      })
      return
    case 'trickle':
    case undefined:
      ask(target, passage, (answer) => passOn(passage, answer))
  }
}

function passOn(passage: Passage, answer: IncomingMessage): void {
  const { proxied, response, reset, effect, conduits, mayAnswer } = passage
  if (!mayAnswer(proxied)) {
    answer.destroy()
    reset()
    return
  }
  const pace = effect?.type === 'trickle' ? effect : undefined
  const conduit = openConduit(proxied, { answer, response, reset, pace })
  conduits.add(conduit)
  response.on('close', () => {
    conduits.delete(conduit)
    answer.destroy()
  })
}

function ask(
  target: Target,
  { incoming, response, reset }: Passage,
  onAnswer: (answer: IncomingMessage) => void,
): void {
  const { url, agent } = target
  const { method, headers } = incoming
  const outgoing = forward(new URL(incoming.url ?? '/', url), {
    method,
    agent,
    headers: { ...headers, host: url.host },
  })
  outgoing.on('response', onAnswer)
  outgoing.on('error', reset)
  response.on('close', () => outgoing.destroy())
  incoming.pipe(outgoing)
}

/** Only the TCP socket below TLS can be reset; it goes by the port at the client's end. */
function createSockets() {
  const byPort = new Map<number | undefined, Socket>()
  return {
    add: (raw: Socket): void => {
      const { remotePort } = raw
      byPort.set(remotePort, raw)
      raw.on('close', () => byPort.get(remotePort) === raw && byPort.delete(remotePort))
    },
    reset: ({ remotePort }: Socket): void => void byPort.get(remotePort)?.resetAndDestroy(),
  }
}

function createFaults() {
  const active = new Set<{ readonly fault: Fault; hits: number }>()
  return {
    inject: (fault: Fault): InjectedFault => {
      const entry = { fault, hits: 0 }
      active.add(entry)
      return { hits: () => entry.hits, end: () => void active.delete(entry) }
    },
    meet: (request: ProxiedRequest): Effect | undefined => {
      for (const entry of active) {
        const { count = Infinity } = entry.fault
        if (entry.hits >= count || !isMetBy(request, entry.fault)) continue
        entry.hits += 1
        return entry.fault.effect
      }
      return undefined
    },
  }
}
