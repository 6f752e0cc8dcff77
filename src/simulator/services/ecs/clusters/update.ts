import type {
  UpdateClusterRequest,
  UpdateClusterResponse,
  UpdateClusterSettingsRequest,
  UpdateClusterSettingsResponse,
} from '@aws-sdk/client-ecs'
import type { World } from '../world.ts'
import { checkSettings } from './create.ts'
import { usableCluster } from './lookup.ts'
import { presentCluster } from './present.ts'

/** UpdateCluster: members that are absent stay as they are. */
export function updateCluster(input: UpdateClusterRequest, world: World): UpdateClusterResponse {
  const cluster = usableCluster(world, input.cluster)
  checkSettings(input.settings ?? [])

  cluster.settings = input.settings ?? cluster.settings
  cluster.configuration = input.configuration ?? cluster.configuration
  // An empty namespace removes the default (Amazon ECS API Reference, ClusterServiceConnectDefaultsRequest).
  cluster.serviceConnectNamespace = input.serviceConnectDefaults?.namespace ?? cluster.serviceConnectNamespace
  return { cluster: presentCluster(world, cluster) }
}

/** UpdateClusterSettings. */
export function updateClusterSettings(
  input: UpdateClusterSettingsRequest,
  world: World,
): UpdateClusterSettingsResponse {
  const cluster = usableCluster(world, input.cluster)
  checkSettings(input.settings ?? [])

  cluster.settings = input.settings ?? []
  return { cluster: presentCluster(world, cluster) }
}
