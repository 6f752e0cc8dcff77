import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import type { Clock } from '../core/ports.ts'
import { readCredentialFile } from './credential-file.ts'
import { createTokenFileCredentials, type Credentials } from './credentials.ts'

/** What a TLS connection to the API server needs, in PEM. */
export interface TlsMaterial {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
  readonly rejectUnauthorized?: boolean
}

/** Where an API server is, how to trust it and who we are to it. */
export interface Connection {
  readonly server: URL
  /** The namespace that the context names, or that our pod runs in. */
  readonly namespace: string | undefined
  readonly credentials: Credentials
  /** Reads certificates as they are now: asked again and again, for they are renewed. Throws `Failure` (`credentials`). */
  readonly readTls: () => Promise<TlsMaterial>
}

export interface InCluster {
  /** `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`. */
  readonly host: string
  readonly port: string
  /** Default: where the kubelet mounts the service account. */
  readonly directory?: string
}

/** The connection of a pod with the service account that is mounted into it. */
export async function connectInCluster(pod: InCluster, clock: Clock): Promise<Connection> {
  const directory = pod.directory ?? '/var/run/secrets/kubernetes.io/serviceaccount'
  const host = isIPv6(pod.host) ? `[${pod.host}]` : pod.host
  return {
    server: new URL(`https://${host}:${pod.port}`),
    namespace: (await readCredentialFile(join(directory, 'namespace'))).trim(),
    credentials: createTokenFileCredentials(join(directory, 'token'), clock),
    readTls: async () => ({ ca: await readCredentialFile(join(directory, 'ca.crt')) }),
  }
}
