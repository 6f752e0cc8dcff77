import { isArn, parseArn } from '../arns.ts'
import { usableCluster } from '../clusters/lookup.ts'
import { AwsFault } from '../../../service.ts'
import { invalidParameter, serviceNotFound } from '../faults.ts'
import type { ClusterRecord, ServiceRecord } from '../state.ts'
import type { World } from '../world.ts'

/** Name of a service by name or ARN; throws InvalidParameterException for an ARN of another cluster. */
export function serviceNameFrom({ call }: World, cluster: ClusterRecord, identifier: string): string {
  if (!isArn(identifier)) return identifier
  const parts = parseArn(call, identifier)
  const [clusterName, name] = parts?.type === 'service' ? parts.path : []
  if (name === undefined)
    throw invalidParameter('Invalid identifier: not the ARN of a service in this account and Region.')
  if (clusterName !== cluster.name)
    throw invalidParameter(`Identifier is for ${clusterName}. Your cluster is ${cluster.name}`)
  return name
}

/** A service in any status; throws ServiceNotFoundException if there is none. */
export function requireService(
  world: World,
  clusterIdentifier: string | undefined,
  identifier = '',
): { cluster: ClusterRecord; service: ServiceRecord } {
  const cluster = usableCluster(world, clusterIdentifier)
  const service = cluster.services[serviceNameFrom(world, cluster, identifier)]
  if (!service) throw serviceNotFound()
  return { cluster, service }
}

/** Throws ServiceNotActiveException for a service that is being deleted or was. */
export function checkActive({ status }: ServiceRecord): void {
  if (status !== 'ACTIVE') throw new AwsFault('ServiceNotActiveException', 'Service was not ACTIVE.')
}
