import type {
  DescribeClustersRequest,
  DescribeClustersResponse,
  ListClustersRequest,
  ListClustersResponse,
} from '@aws-sdk/client-ecs'
import { invalidParameter } from '../faults.ts'
import { LEDGER } from '../ledger.ts'
import { byText, pageOf } from '../paging.ts'
import type { World } from '../world.ts'
import { clusterArnFrom, DEFAULT_CLUSTER, findCluster } from './lookup.ts'
import { presentCluster } from './present.ts'

/** DescribeClusters: at most 100; what is missing is a failure beside the answer. */
export function describeClusters(
  { clusters = [DEFAULT_CLUSTER], include = [] }: DescribeClustersRequest,
  world: World,
): DescribeClustersResponse {
  if (clusters.length > LEDGER.describeClustersMax.value)
    throw invalidParameter('Clusters cannot have more than 100 elements.')

  const found = clusters.map((identifier) => ({ identifier, cluster: findCluster(world, identifier) }))
  return {
    clusters: found.flatMap(({ cluster }) => (cluster ? [presentCluster(world, cluster, include)] : [])),
    failures: found
      .filter(({ cluster }) => !cluster)
      .map(({ identifier }) => ({ arn: clusterArnFrom(world, identifier), reason: 'MISSING' })),
  }
}

/** ListClusters: deleted clusters are not listed. */
export function listClusters(input: ListClustersRequest, { state }: World): ListClustersResponse {
  const arns = Object.values(state.clusters)
    .filter(({ status }) => status !== 'INACTIVE')
    .map(({ arn }) => arn)
    .toSorted(byText)
  const { items, nextToken } = pageOf(arns, String, { operation: 'ListClusters', ...input })
  return { clusterArns: [...items], nextToken }
}
