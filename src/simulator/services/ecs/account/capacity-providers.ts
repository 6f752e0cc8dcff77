import type {
  CapacityProvider,
  DescribeCapacityProvidersRequest,
  DescribeCapacityProvidersResponse,
} from '@aws-sdk/client-ecs'
import { ecsArn, nameFrom } from '../arns.ts'
import { FARGATE_PROVIDERS } from '../clusters/capacity.ts'
import { tagsOf } from '../tags.ts'
import { pageOf } from '../paging.ts'
import type { World } from '../world.ts'

const providerArn = ({ call }: World, name: string): string => ecsArn(call, 'capacity-provider', name)

function present(world: World, name: string, withTags: boolean): CapacityProvider {
  const arn = providerArn(world, name)
  return {
    capacityProviderArn: arn,
    name,
    status: 'ACTIVE',
    tags: withTags ? tagsOf(world.state, arn) : [],
  }
}

/** DescribeCapacityProviders: the two that AWS has built in; others are not modelled and so are missing. */
export function describeCapacityProviders(
  input: DescribeCapacityProvidersRequest,
  world: World,
): DescribeCapacityProvidersResponse {
  const asked = input.capacityProviders ?? FARGATE_PROVIDERS
  const known = (identifier: string): string | undefined =>
    FARGATE_PROVIDERS.find((name) => name === nameFrom(world.call, 'capacity-provider', identifier))

  const found = asked.flatMap((identifier) => known(identifier) ?? [])
  const { items, nextToken } = pageOf(found.toSorted(), String, { operation: 'DescribeCapacityProviders', ...input })
  return {
    capacityProviders: items.map((name) => present(world, name, input.include?.includes('TAGS') ?? false)),
    failures: asked
      .filter((identifier) => known(identifier) === undefined)
      .map((identifier) => ({
        arn: identifier.startsWith('arn:') ? identifier : providerArn(world, identifier),
        reason: 'MISSING',
      })),
    nextToken,
  }
}
