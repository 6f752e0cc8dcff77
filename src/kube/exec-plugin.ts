import { execFile } from 'node:child_process'
import { Failure } from '../core/failure.ts'
import type { Clock, Instant } from '../core/ports.ts'
import { memberOf, stringIn } from '../core/json.ts'

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A command that speaks the credential plugin protocol. */
export interface ExecPlugin {
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment of the command. */
  readonly environment: Environment
  readonly apiVersion: string
  /** What the kubeconfig says to somebody who has not installed the command. */
  readonly installHint?: string | undefined
}

/** What a plugin answered. */
export interface ExecAnswer {
  readonly token?: string | undefined
  /** PEM. */
  readonly certificate?: string | undefined
  /** PEM. */
  readonly key?: string | undefined
  readonly issuedAt: Instant
  /** Infinity: it said nothing about an end. */
  readonly expiresAt: Instant
}

/** A plugin that asks somebody for something will wait in vain: nobody is there. */
const LONGEST_RUN_SECONDS = 60
/** Of what a failed plugin complains, this much is repeated. */
const LONGEST_COMPLAINT = 300

/**
 * Runs a plugin once (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
 * Throws `Failure` (`credentials`) with what the plugin complained of.
 */
export async function runExecPlugin(plugin: ExecPlugin, clock: Clock): Promise<ExecAnswer> {
  const issuedAt = clock.now()
  const output = await run(plugin, clock)
  const status = memberOf(parse(output, plugin), 'status')
  const answer = {
    token: stringIn(status, 'token'),
    certificate: stringIn(status, 'clientCertificateData'),
    key: stringIn(status, 'clientKeyData'),
    issuedAt,
    expiresAt: expiryFrom(stringIn(status, 'expirationTimestamp')),
  }
  if (answer.token === undefined && answer.certificate === undefined) {
    throw failed(plugin, 'answered neither a token nor a certificate')
  }
  return answer
}

async function run(plugin: ExecPlugin, clock: Clock): Promise<string> {
  const spec = { interactive: false }
  const info = JSON.stringify({ apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec })
  const env = { ...plugin.environment, KUBERNETES_EXEC_INFO: info }
  const limit = new AbortController()
  const cancel = clock.schedule(LONGEST_RUN_SECONDS, () => {
    limit.abort()
  })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const done = (error: Error | null, output: string, complaint: string): void => {
    if (error === null) resolve(output)
    else reject(failed(plugin, explain(plugin, complaint, limit.signal), error))
  }
  const child = execFile(plugin.command, [...plugin.args], { env, signal: limit.signal }, done)
  // It is told that nobody answers; who asks all the same reads the end of the file.
  child.stdin?.on('error', () => undefined).end()
  return promise.finally(cancel)
}

function explain({ installHint }: ExecPlugin, complaint: string, limit: AbortSignal): string {
  if (limit.aborted) return `did not answer in ${LONGEST_RUN_SECONDS} s`
  return complaint.trim().slice(0, LONGEST_COMPLAINT) || installHint || 'failed and did not say why'
}

function parse(output: string, plugin: ExecPlugin): unknown {
  try {
    return JSON.parse(output)
  } catch {
    // Not even the parser's message may be shown: it quotes what it read.
    throw failed(plugin, 'did not answer in JSON')
  }
}

function expiryFrom(time: string | undefined): Instant {
  const instant = Date.parse(time ?? '')
  return Number.isNaN(instant) ? Infinity : instant
}

function failed({ command }: ExecPlugin, why: string, cause?: unknown): Failure {
  const message = `the credential plugin ${command}: ${why}`
  return new Failure('credentials', 'run credential plugin', { message, cause })
}
