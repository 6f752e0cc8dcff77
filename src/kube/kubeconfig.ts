import { dirname, resolve } from 'node:path'
import {
  newClusters,
  newContexts,
  newUsers,
  type Cluster,
  type Context,
  type User,
} from '@kubernetes/client-node/dist/config_types.js'
import { parse } from 'yaml'
import { Failure } from '../core/failure.ts'
import type { Clock } from '../core/ports.ts'
import type { Connection, TlsMaterial } from './connect.ts'
import { readCredentialFile } from './credential-file.ts'
import {
  createReadCredentials,
  createTokenFileCredentials,
  impersonating,
  type Credentials,
  type RequestHeaders,
} from './credentials.ts'
import { createExecCredentials, type ExecCredentials } from './exec-credentials.ts'
import type { Environment, ExecPlugin } from './exec-plugin.ts'
import { elementsIn, memberOf, stringIn } from '../core/json.ts'

// Only the client's parsers are imported: its barrel, and even its KubeConfig class, pull in every generated API (80 MiB,
// 0.4 s).

export interface KubeconfigSource {
  /** Files in the order of `KUBECONFIG`: of two entries with the same name, the first counts. */
  readonly paths: readonly string[]
  /** Default: `current-context`. */
  readonly context?: string | undefined
  /** What credential plugins get to see. Default: nothing. */
  readonly environment?: Environment
}

interface Kubeconfig {
  readonly clusters: readonly Cluster[]
  readonly contexts: readonly Context[]
  readonly users: readonly User[]
  /** Token files by user name. The client's parser looks for another spelling than kubectl's `tokenFile`. */
  readonly tokenFiles: ReadonlyMap<string, string>
  readonly currentContext: string | undefined
}

/** The entries that one context chooses. */
interface Chosen {
  readonly context: Context
  readonly cluster: Cluster
  readonly user: User
  readonly tokenFile: string | undefined
}

/**
 * The connection that a kubeconfig describes. Tokens and certificates are read again as time goes on, from the files that
 * it names and from itself; the server and the kind of credentials stay. Throws `Failure` (`credentials`) naming what is
 * missing.
 */
export async function connectFromKubeconfig(source: KubeconfigSource, clock: Clock): Promise<Connection> {
  const { context, cluster, user, tokenFile } = await choose(source)
  if (cluster.proxyUrl) throw unusable(`cluster ${cluster.name} has a proxy-url, which is not supported`)

  const identity = identityOf(user, tokenFile, { source, clock })
  return {
    server: new URL(cluster.server),
    namespace: context.namespace,
    credentials: user.impersonateUser
      ? impersonating(identity.credentials, user.impersonateUser)
      : identity.credentials,
    readTls: async () => {
      const now = await choose(source)
      return { ...(await tlsOf(now.cluster)), ...(await certificateOf(now.user)), ...(await identity.certificate()) }
    },
  }
}

async function choose({ paths, context: wanted }: KubeconfigSource): Promise<Chosen> {
  const configs = await Promise.all(paths.map(readKubeconfig))
  const name = wanted ?? configs.find((config) => config.currentContext !== undefined)?.currentContext
  const context = find(configs, 'context', name, ({ contexts }) => contexts)
  const cluster = find(configs, 'cluster', context.cluster, ({ clusters }) => clusters)
  const user = find(configs, 'user', context.user, ({ users }) => users)
  const tokenFile = configs.find(({ tokenFiles }) => tokenFiles.has(user.name))?.tokenFiles.get(user.name)
  return { context, cluster, user, tokenFile }
}

async function readKubeconfig(path: string): Promise<Kubeconfig> {
  const document: unknown = parseYaml(await readCredentialFile(path), path)
  const directory = dirname(path)
  const users = elementsIn(document, 'users')
  return {
    clusters: newClusters(elementsIn(document, 'clusters')).map((each) => withAbsolute(each, directory, ['caFile'])),
    contexts: newContexts(elementsIn(document, 'contexts')),
    users: newUsers(users).map((each) =>
      withAbsoluteCommand(withAbsolute(each, directory, ['certFile', 'keyFile']), directory),
    ),
    tokenFiles: tokenFilesIn(users, directory),
    currentContext: stringIn(document, 'current-context'),
  }
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    throw new Failure('credentials', `parse ${path}`, { cause })
  }
}

/** Paths in a kubeconfig are relative to the file that they stand in. */
function withAbsolute<T extends object, K extends keyof T>(entry: T, directory: string, members: readonly K[]): T {
  const absolute = members.flatMap((member) => {
    const path = entry[member]
    return typeof path === 'string' ? [[member, resolve(directory, path)] as const] : []
  })
  return { ...entry, ...Object.fromEntries(absolute) }
}

/** A bare name is looked up in PATH, as in a shell. */
function withAbsoluteCommand(user: User, directory: string): User {
  const command = stringIn(user.exec, 'command')
  if (command === undefined || !command.includes('/')) return user
  return { ...user, exec: { ...user.exec, command: resolve(directory, command) } }
}

function tokenFilesIn(users: readonly unknown[], directory: string): ReadonlyMap<string, string> {
  const found = users.map((entry) => [stringIn(entry, 'name'), stringIn(memberOf(entry, 'user'), 'tokenFile')] as const)
  return new Map(
    found.flatMap(([name, path]) =>
      name === undefined || path === undefined ? [] : [[name, resolve(directory, path)]],
    ),
  )
}

function find<T extends { readonly name: string }>(
  configs: readonly Kubeconfig[],
  what: string,
  name: string | undefined,
  entries: (config: Kubeconfig) => readonly T[],
): T {
  const found = configs.flatMap(entries).find((entry) => entry.name === name)
  if (found === undefined) throw unusable(name === undefined ? `it names no ${what}` : `it has no ${what} ${name}`)
  return found
}

interface UserIdentity {
  readonly credentials: Credentials
  readonly certificate: ExecCredentials['certificate']
}

interface Surroundings {
  readonly source: KubeconfigSource
  readonly clock: Clock
}

function identityOf(user: User, tokenFile: string | undefined, { source, clock }: Surroundings): UserIdentity {
  const certificate = (): Promise<object> => Promise.resolve({})
  if (user.authProvider) throw unusable(`user ${user.name} has an auth-provider: use exec, which replaced it`)
  if (user.exec) {
    const plugin = createExecCredentials(pluginOf(user, source.environment ?? {}), clock)
    return { credentials: plugin, certificate: () => plugin.certificate() }
  }
  if (tokenFile !== undefined) return { credentials: createTokenFileCredentials(tokenFile, clock), certificate }
  const read = async (): Promise<RequestHeaders> => headersOf((await choose(source)).user)
  return { credentials: createReadCredentials(read, clock), certificate }
}

function pluginOf({ name, exec }: User, environment: Environment): ExecPlugin {
  const command = stringIn(exec, 'command')
  if (command === undefined) throw unusable(`user ${name} has an exec without a command`)
  const own = elementsIn(exec, 'env').map((entry) => [stringIn(entry, 'name') ?? '', stringIn(entry, 'value')] as const)
  return {
    command,
    args: elementsIn(exec, 'args').map(String),
    environment: { ...environment, ...Object.fromEntries(own.filter(([variable]) => variable !== '')) },
    apiVersion: stringIn(exec, 'apiVersion') ?? 'client.authentication.k8s.io/v1',
    installHint: stringIn(exec, 'installHint'),
  }
}

function headersOf({ token, username, password }: User): RequestHeaders {
  if (token) return { authorization: `Bearer ${token.trim()}` }
  if (!username) return {}
  return { authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` }
}

async function tlsOf(cluster: Cluster): Promise<TlsMaterial> {
  const ca = await pemFrom(cluster.caData, cluster.caFile)
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}),
    ...(cluster.skipTLSVerify ? { rejectUnauthorized: false } : {}),
  }
}

async function certificateOf(user: User): Promise<TlsMaterial> {
  const cert = await pemFrom(user.certData, user.certFile)
  const key = await pemFrom(user.keyData, user.keyFile)
  return { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) }
}

/** Data in the file itself counts before a path, as in client-go. */
async function pemFrom(data: string | undefined, path: string | undefined): Promise<string | undefined> {
  if (data) return Buffer.from(data, 'base64').toString()
  return path ? readCredentialFile(path) : undefined
}

function unusable(why: string): Failure {
  return new Failure('credentials', 'read kubeconfig', { message: `the kubeconfig cannot be used: ${why}` })
}
