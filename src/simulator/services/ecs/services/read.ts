import type {
  DescribeServicesRequest,
  DescribeServicesResponse,
  ListServicesByNamespaceRequest,
  ListServicesByNamespaceResponse,
  ListServicesRequest,
  ListServicesResponse,
} from '@aws-sdk/client-ecs'
import { AwsFault } from '../../../service.ts'
import { ecsArn, isArn } from '../arns.ts'
import { usableCluster } from '../clusters/lookup.ts'
import { invalidParameter, notModelled } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import { byText, pageOf } from '../paging.ts'
import type { ClusterRecord, ServiceRecord } from '../state.ts'
import type { World } from '../world.ts'
import { serviceNameFrom } from './lookup.ts'
import { presentService } from './present.ts'

/** DescribeServices: at most ten, in any status; what is missing is a failure beside the answer. */
export function describeServices(input: DescribeServicesRequest, world: World): DescribeServicesResponse {
  const { services: identifiers = [], include = [] } = input
  const cluster = usableCluster(world, input.cluster)
  if (identifiers.length === 0) throw invalidParameter('Services cannot be empty.')
  if (identifiers.length > LEDGER.describeServicesMax.value)
    throw invalidParameter('Services cannot have more than 10 elements.')

  const found = identifiers.map((identifier) => ({
    identifier,
    service: cluster.services[serviceNameFrom(world, cluster, identifier)],
  }))
  return {
    services: found.flatMap(({ service }) =>
      service ? [presentService(world, service, include.includes('TAGS'))] : [],
    ),
    failures: found
      .filter(({ service }) => !service)
      .map(({ identifier }) => ({
        arn: isArn(identifier) ? identifier : ecsArn(world.call, 'service', cluster.name, identifier),
        reason: 'MISSING',
      })),
  }
}

const isListed = ({ status }: ServiceRecord): boolean => status === 'ACTIVE'

/** ListServices: ten a page unless asked otherwise; draining and inactive services are not listed. */
export function listServices(input: ListServicesRequest, world: World): ListServicesResponse {
  const cluster = usableCluster(world, input.cluster)
  const { launchType, schedulingStrategy = 'REPLICA', resourceManagementType = 'CUSTOMER' } = input
  const matches = ({ deployments: [primary] }: ServiceRecord): boolean =>
    launchType === undefined || primary?.workload.launchType === launchType
  const arns = Object.values(cluster.services)
    .filter((service) => isListed(service) && matches(service))
    .map(({ arn }) => arn)
    .toSorted(byText)
  // Daemons and services that AWS manages do not exist here.
  const listed = schedulingStrategy === 'REPLICA' && resourceManagementType === 'CUSTOMER' ? arns : []
  const { items, nextToken } = pageOf(listed, String, {
    operation: 'ListServices',
    defaultResults: LEDGER.listServicesDefault.value,
    ...input,
  })
  return { serviceArns: [...items], nextToken }
}

/** The namespace a service joins with Service Connect: its own, else the cluster's default. */
function namespaceOf(cluster: ClusterRecord, { deployments: [primary] }: ServiceRecord): string | undefined {
  const connect = primary?.workload.serviceConnect
  return connect?.enabled ? (connect.namespace ?? cluster.serviceConnectNamespace) : undefined
}

/** ListServicesByNamespace: by name or ARN, across clusters; a namespace exists here once a service is in it. */
export function listServicesByNamespace(
  input: ListServicesByNamespaceRequest,
  { state }: World,
): ListServicesByNamespaceResponse {
  const { namespace = '' } = input
  if (namespace.startsWith('arn:')) throw notModelled('Cloud Map namespace ARNs')
  const arns = Object.values(state.clusters)
    .flatMap((cluster) =>
      Object.values(cluster.services).filter(
        (service) => isListed(service) && namespaceOf(cluster, service) === namespace,
      ),
    )
    .map(({ arn }) => arn)
    .toSorted(byText)
  if (arns.length === 0) throw new AwsFault('NamespaceNotFoundException', 'The specified namespace was not found.')
  const { items, nextToken } = pageOf(arns, String, {
    operation: 'ListServicesByNamespace',
    defaultResults: LEDGER.listServicesDefault.value,
    ...input,
  })
  return { serviceArns: [...items], nextToken }
}
