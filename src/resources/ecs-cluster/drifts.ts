import type { Drift, Scope } from '../../reconciler/resource.ts'

/** What somebody else may do to a cluster; each contradicts the kind's example. */
export const clusterDrifts: readonly Drift[] = [
  {
    fact: 'Container Insights was switched off',
    foundBy: 'sweep',
    inject: (name, { aws }, signal) => aws.ecsClusters.updateCluster(name, { containerInsights: 'disabled' }, signal),
  },
  {
    fact: 'the capacity providers were taken away',
    foundBy: 'sweep',
    inject: (name, { aws }, signal) =>
      aws.ecsClusters.putCapacity(name, { capacityProviders: [], defaultCapacityProviderStrategy: [] }, signal),
  },
  {
    fact: 'logging of commands was switched off',
    foundBy: 'sweep',
    inject: (name, { aws }, signal) =>
      aws.ecsClusters.updateCluster(
        name,
        { configuration: { executeCommandConfiguration: { logging: 'NONE' } } },
        signal,
      ),
  },
  {
    fact: 'a tag of the spec was changed',
    foundBy: 'sweep',
    inject: (name, scope, signal) => changeTag(name, scope, signal),
  },
  {
    fact: 'the cluster was deleted',
    foundBy: 'sweep',
    inject: (name, { aws }, signal) => aws.ecsClusters.deleteCluster(name, signal),
  },
]

async function changeTag(name: string, { aws: { ecsClusters } }: Scope, signal: AbortSignal): Promise<void> {
  const cluster = await ecsClusters.cluster(name, signal)
  if (cluster) await ecsClusters.tag(cluster.arn, { team: 'somebody-else' }, signal)
}
