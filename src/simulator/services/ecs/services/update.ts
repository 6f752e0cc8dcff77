import type { UpdateServiceRequest, UpdateServiceResponse } from '@aws-sdk/client-ecs'
import { runPass } from '../scheduler/pass.ts'
import { wake } from '../scheduler/wake.ts'
import type { ServiceRecord } from '../state.ts'
import { now } from '../world.ts'
import type { World } from '../world.ts'
import { checkActive, requireService } from './lookup.ts'
import { presentService } from './present.ts'
import { primaryOf, startRollout } from './rollout.ts'
import { checkDeploymentConfiguration, checkServiceRequest } from './validate.ts'
import { needsRollout, updatedWorkload } from './workload.ts'

/** Members that change the service itself and make no deployment; absent ones stay as they are. */
function updateSettings(service: ServiceRecord, input: UpdateServiceRequest): void {
  service.desiredCount = input.desiredCount ?? service.desiredCount
  service.deploymentConfiguration = { ...service.deploymentConfiguration, ...input.deploymentConfiguration }
  service.healthCheckGracePeriodSeconds = input.healthCheckGracePeriodSeconds ?? service.healthCheckGracePeriodSeconds
  service.enableECSManagedTags = input.enableECSManagedTags ?? service.enableECSManagedTags
  service.enableExecuteCommand = input.enableExecuteCommand ?? service.enableExecuteCommand
  service.propagateTags = input.propagateTags ?? service.propagateTags
  service.availabilityZoneRebalancing = input.availabilityZoneRebalancing ?? service.availabilityZoneRebalancing
}

/** UpdateService: changes settings at once, and starts a new deployment when what tasks are made of changes or it is forced. */
export function updateService(input: UpdateServiceRequest, world: World): UpdateServiceResponse {
  const { cluster, service } = requireService(world, input.cluster, input.service)
  checkActive(service)
  checkServiceRequest(input)
  checkDeploymentConfiguration({ ...service.deploymentConfiguration, ...input.deploymentConfiguration })
  const primary = primaryOf(service)
  const workload = updatedWorkload(world, cluster, primary.workload, input)
  const isNew = needsRollout(primary.workload, workload, input.forceNewDeployment === true)

  updateSettings(service, input)
  primary.updatedAt = now(world)
  if (isNew) startRollout(world, cluster, service, workload)
  wake(world, service, 0, runPass)
  return { service: presentService(world, service) }
}
