import type { PodSpec } from '../documents.ts'

/** A port of the node that a pod claims. */
export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

const EVERY_ADDRESS = '0.0.0.0'

/**
 * "Configuration Best Practices": with a hostPort, hostIP, hostPort and protocol must be unique on the node; hostIP is
 * 0.0.0.0 and protocol TCP unless said. Sidecars run beside the app containers, so that their ports count, too; those of
 * other init containers do not.
 */
export function hostPortsOf({ containers, initContainers = [] }: PodSpec): readonly HostPort[] {
  const lasting = [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')]
  return lasting.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, hostIP, protocol }) =>
      hostPort > 0 ? [{ ip: hostIP || EVERY_ADDRESS, protocol: protocol ?? 'TCP', port: hostPort }] : [],
    ),
  )
}

/** Whether two pods with these ports cannot share a node. */
export function portsClash(ours: readonly HostPort[], theirs: readonly HostPort[]): boolean {
  return ours.some((one) => theirs.some((other) => isSamePort(one, other)))
}

function isSamePort(one: HostPort, other: HostPort): boolean {
  const shareAddress = one.ip === other.ip || one.ip === EVERY_ADDRESS || other.ip === EVERY_ADDRESS
  return shareAddress && one.port === other.port && one.protocol === other.protocol
}
