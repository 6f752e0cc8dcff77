import { isDeepStrictEqual } from 'node:util'
import type { Capacity, StrategyItem } from '../../aws/ecs-cluster.ts'
import type { DesiredCluster } from './state.ts'

type Desired = Pick<DesiredCluster, 'capacityProviders' | 'defaultCapacityProviderStrategy'>

/** The capacity to write, because ECS takes providers and strategy only together; undefined: as wanted, or not managed. */
export function capacityChange(desired: Desired, current: Capacity): Capacity | undefined {
  const wanted = capacityFrom(desired, current)
  return isSameCapacity(wanted, current) ? undefined : wanted
}

/** The part that the spec does not manage stays as it is, as far as the managed part allows. */
export function capacityFrom(desired: Desired, current: Capacity): Capacity {
  const strategy = desired.defaultCapacityProviderStrategy
  const named = (strategy ?? []).map(({ capacityProvider }) => capacityProvider)
  const capacityProviders = desired.capacityProviders ?? [...new Set([...current.capacityProviders, ...named])]
  return {
    capacityProviders,
    defaultCapacityProviderStrategy:
      strategy ??
      current.defaultCapacityProviderStrategy.filter(({ capacityProvider }) =>
        capacityProviders.includes(capacityProvider),
      ),
  }
}

function isSameCapacity(a: Capacity, b: Capacity): boolean {
  return (
    isDeepStrictEqual(a.capacityProviders.toSorted(), b.capacityProviders.toSorted()) &&
    isDeepStrictEqual(sorted(a.defaultCapacityProviderStrategy), sorted(b.defaultCapacityProviderStrategy))
  )
}

function sorted(strategy: readonly StrategyItem[]): readonly StrategyItem[] {
  return strategy.toSorted((a, b) => (a.capacityProvider < b.capacityProvider ? -1 : 1))
}
