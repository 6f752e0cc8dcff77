import { mkdtemp, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeKubeconfig } from './kubeconfig.ts'
import { type KeyPair, issueClientCertificate } from './pki.ts'
import { type Pki, ETCD_CLIENT_SOCKET, apiServerCommand, createPki, etcdCommand } from './programs.ts'
import { untilReady } from './readiness.ts'
import { type ExitReport, type Supervision, superviseIn } from './supervision.ts'

/** A real etcd and kube-apiserver on the loopback address, with RBAC on and nothing else running. */
export interface ControlPlane {
  /** `https://127.0.0.1:PORT`. */
  readonly server: string
  /** Of a cluster administrator. */
  readonly kubeconfigPath: string
  /** Writes a kubeconfig of `user` in `groups`, who may do what RBAC says, and answers its path. */
  readonly kubeconfigFor: (user: string, groups: readonly string[]) => Promise<string>
  /** etcd's client API: gRPC, and JSON over HTTP under `/v3/`. */
  readonly etcdSocketPath: string
  /** Ends the processes and removes all files. */
  readonly stop: () => Promise<void>
}

export interface ControlPlaneOptions {
  /** Flags of kube-apiserver beyond those that every control plane has. */
  readonly apiServerFlags?: readonly string[]
}

const READY_SECONDS = 60
const PORT_ATTEMPTS = 3
const LOG_TAIL_LINES = 15

/**
 * Starts a control plane; ready when it resolves.
 *
 * Guarantees: no process, port or file outlives this process, however it ends. Errors: a program that ends or is not
 * ready within a minute, with the end of its log.
 */
export async function startControlPlane({ apiServerFlags = [] }: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-control-plane-'))
  const exits = createExits()
  const supervision = superviseIn(folder, exits.report)
  try {
    supervision.start(etcdCommand())
    const pki = await createPki(folder)
    const server = await startApiServer({ folder, supervision, exits, pki, apiServerFlags })
    const kubeconfigFor = (user: string, groups: readonly string[]): Promise<string> =>
      issueKubeconfig({ folder, server, authority: pki.authority }, user, groups)
    const kubeconfigPath = await kubeconfigFor('admin', ['system:masters'])
    void exits.next().then(complain)
    return {
      server,
      kubeconfigPath,
      kubeconfigFor,
      etcdSocketPath: join(folder, ETCD_CLIENT_SOCKET),
      stop: supervision.stop,
    }
  } catch (error) {
    await supervision.stop()
    throw error
  }
}

interface ApiServerInput {
  readonly folder: string
  readonly supervision: Supervision
  readonly exits: Exits
  readonly pki: Pki
  readonly apiServerFlags: readonly string[]
}

/** A port that is free when asked for may be taken a moment later: then the next one is tried. */
async function startApiServer(input: ApiServerInput): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort()
    const server = `https://127.0.0.1:${port}`
    const command = apiServerCommand(attempt, port, input.pki)
    input.supervision.start({ ...command, args: [...command.args, ...input.apiServerFlags] })
    const exit = await untilReadyOrExit(server, input)
    if (!exit) return server
    const log = await readFile(join(input.folder, `${exit.name}.log`), 'utf8')
    const isPortTaken = log.includes('address already in use')
    if (!isPortTaken || attempt === PORT_ATTEMPTS)
      throw new Error(`${exit.name} ended with ${exit.code}:\n${tailOf(log)}`)
  }
}

async function untilReadyOrExit(server: string, { exits, pki }: ApiServerInput): Promise<ExitReport | undefined> {
  const waiting = new AbortController()
  const patience = AbortSignal.any([waiting.signal, AbortSignal.timeout(READY_SECONDS * 1000)])
  try {
    return await Promise.race([
      untilReady(server, pki.authority, pki.prober, patience).then(() => undefined),
      exits.next(),
    ])
  } finally {
    waiting.abort()
  }
}

interface IssueInput {
  readonly folder: string
  readonly server: string
  readonly authority: KeyPair
}

async function issueKubeconfig(
  { folder, server, authority }: IssueInput,
  user: string,
  groups: readonly string[],
): Promise<string> {
  const client = await issueClientCertificate(folder, authority, user, groups)
  const path = client.certificatePath.replace(/\.crt$/, '.kubeconfig')
  await writeKubeconfig(path, { server, authority, client })
  return path
}

interface Exits {
  readonly report: (exit: ExitReport) => void
  /** The next process that ends, also if that was before the question. */
  readonly next: () => Promise<ExitReport>
}

function createExits(): Exits {
  let { promise, resolve } = Promise.withResolvers<ExitReport>()
  return {
    report: (exit) => resolve(exit),
    next: async () => {
      const exit = await promise
      ;({ promise, resolve } = Promise.withResolvers<ExitReport>())
      return exit
    },
  }
}

function complain({ name, code }: ExitReport): void {
  process.stderr.write(`${name} ended by itself with ${code}\n`)
}

function tailOf(log: string): string {
  return log.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n')
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
