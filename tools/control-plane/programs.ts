import { join } from 'node:path'
import { findAssets } from './assets.ts'
import { type KeyPair, createAuthority, createKey, issueClientCertificate, issueServerCertificate } from './pki.ts'
import type { StartCommand } from './supervision.ts'

/**
 * etcd's sockets, relative to the folder it runs in: no port to find, and none to leave behind. etcd insists on
 * something that looks like a port; it is part of the file's name.
 */
export const ETCD_CLIENT_SOCKET = 'etcd-client:1'
const ETCD_CLIENT = `unix://${ETCD_CLIENT_SOCKET}`
const ETCD_PEER = 'unix://etcd-peer:1'

/** The keys that the programs need, all signed by one authority. */
export interface Pki {
  readonly authority: KeyPair
  readonly server: KeyPair
  readonly prober: KeyPair
  readonly serviceAccountKeyPath: string
}

/** Makes them in `folder`. */
export async function createPki(folder: string): Promise<Pki> {
  const serviceAccountKeyPath = join(folder, 'service-account.key')
  const [authority] = await Promise.all([createAuthority(folder), createKey(serviceAccountKeyPath)])
  const [server, prober] = await Promise.all([
    issueServerCertificate(folder, authority),
    issueClientCertificate(folder, authority, 'prober', ['system:masters']),
  ])
  return { authority, server, prober, serviceAccountKeyPath }
}

/** A single member that listens on files only. */
export function etcdCommand(): StartCommand {
  return {
    name: 'etcd',
    command: findAssets().etcd,
    args: [
      '--name=local',
      '--data-dir=etcd',
      // A test's data need not survive a power cut.
      '--unsafe-no-fsync',
      `--listen-client-urls=${ETCD_CLIENT}`,
      `--advertise-client-urls=${ETCD_CLIENT}`,
      `--listen-peer-urls=${ETCD_PEER}`,
      `--initial-advertise-peer-urls=${ETCD_PEER}`,
      `--initial-cluster=local=${ETCD_PEER}`,
      '--log-level=warn',
    ],
  }
}

/** The API server on `port` of the loopback address; `attempt` keeps the logs of several tries apart. */
export function apiServerCommand(attempt: number, port: number, pki: Pki): StartCommand {
  return { name: `kube-apiserver-${attempt}`, command: findAssets().apiServer, args: apiServerArgs(port, pki) }
}

function apiServerArgs(port: number, { authority, server, serviceAccountKeyPath }: Pki): readonly string[] {
  return [
    `--etcd-servers=${ETCD_CLIENT}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    `--client-ca-file=${authority.certificatePath}`,
    `--tls-cert-file=${server.certificatePath}`,
    `--tls-private-key-file=${server.keyPath}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-signing-key-file=${serviceAccountKeyPath}`,
    `--service-account-key-file=${serviceAccountKeyPath}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=RBAC',
    '--endpoint-reconciler-type=none',
  ]
}
