import type { RepositoryState } from '../../../src/simulator/services/ecr/state.ts'
import type { ClusterRecord, EcsState, ServiceRecord } from '../../../src/simulator/services/ecs/state.ts'
import type { LogGroupState } from '../../../src/simulator/services/logs/state.ts'
import type { Simulator } from '../../../src/simulator/simulator.ts'

/** What is live in simulated AWS, with its tags. */
export type Thing =
  | (Found & { readonly type: 'repository'; readonly state: RepositoryState })
  | (Found & { readonly type: 'cluster'; readonly state: ClusterRecord })
  | (Found & { readonly type: 'service'; readonly state: ServiceRecord })
  | (Found & { readonly type: 'task-definition'; readonly image: string; readonly content: unknown })
  | (Found & { readonly type: 'log-group'; readonly state: LogGroupState })

interface Found {
  readonly accountId: string
  readonly name: string
  readonly arn: string
  readonly tags: Readonly<Record<string, string>>
}

interface Dump {
  readonly ecs?: Readonly<Record<string, EcsState>>
  readonly ecr?: Readonly<Record<string, { readonly repositories: Readonly<Record<string, RepositoryState>> }>>
  readonly logs?: Readonly<Record<string, { readonly groups: Readonly<Record<string, LogGroupState>> }>>
}

/** Every live thing of every account. */
export function thingsIn(simulator: Pick<Simulator, 'dump'>): readonly Thing[] {
  const { ecs = {}, ecr = {}, logs = {} } = simulator.dump() as Dump
  return [
    ...Object.entries(ecs).flatMap(([place, state]) => ecsThings(accountOf(place), state)),
    ...Object.entries(ecr).flatMap(([place, { repositories }]) =>
      Object.values(repositories).map((state): Thing => {
        const { name, arn, tags } = state
        return { type: 'repository', accountId: accountOf(place), name, arn, tags, state }
      }),
    ),
    ...Object.entries(logs).flatMap(([place, { groups }]) =>
      Object.values(groups).map((state): Thing => {
        const { name, arn, tags } = state
        return { type: 'log-group', accountId: accountOf(place), name, arn, tags, state }
      }),
    ),
  ]
}

function accountOf(place: string): string {
  return place.split('/')[0] ?? place
}

function ecsThings(accountId: string, state: EcsState): readonly Thing[] {
  const tagsOf = (arn: string) =>
    Object.fromEntries((state.tags[arn] ?? []).map(({ key = '', value = '' }) => [key, value]))
  const clusters = Object.values(state.clusters)
  const services = clusters.flatMap((cluster) => Object.values(cluster.services))
  const revisions = Object.values(state.taskDefinitions).filter(({ status }) => status === 'ACTIVE')
  return [
    ...clusters
      .filter(({ status }) => status !== 'INACTIVE')
      .map((cluster): Thing => {
        const { name, arn } = cluster
        return { type: 'cluster', accountId, name, arn, tags: tagsOf(arn), state: cluster }
      }),
    ...services
      .filter(({ status }) => status !== 'INACTIVE')
      .map((service): Thing => {
        const { name, arn } = service
        return { type: 'service', accountId, name, arn, tags: tagsOf(arn), state: service }
      }),
    ...revisions.map(({ arn, family, content }): Thing => {
      const image = content.containerDefinitions[0]?.image ?? ''
      return { type: 'task-definition', accountId, name: family, arn, tags: tagsOf(arn), image, content }
    }),
  ]
}

/** Everything that somebody could have changed about a thing: equal before and after means untouched. */
export function essenceOf(thing: Thing): string {
  return JSON.stringify([thing.tags, configurationOf(thing)])
}

function configurationOf(thing: Thing): unknown {
  switch (thing.type) {
    case 'repository': {
      const { createdAtMs, mutability, scanOnPush, policyText, lifecycle } = thing.state
      return [createdAtMs, mutability, scanOnPush, policyText, lifecycle?.text]
    }
    case 'cluster': {
      const { settings, configuration, capacityProviders, strategy } = thing.state
      return [settings, configuration, capacityProviders, strategy]
    }
    case 'service': {
      const { createdAt, desiredCount, deploymentConfiguration, deployments } = thing.state
      return [createdAt, desiredCount, deploymentConfiguration, deployments[0]?.workload]
    }
    case 'task-definition':
      return thing.content
    case 'log-group':
      return [thing.state.createdAtMs, thing.state.retentionDays]
  }
}
