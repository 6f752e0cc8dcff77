import type { DeleteServiceRequest, DeleteServiceResponse } from '@aws-sdk/client-ecs'
import { invalidParameter, serviceNotFound } from '../faults.ts'
import { runPass } from '../scheduler/pass.ts'
import { wake } from '../scheduler/wake.ts'
import type { World } from '../world.ts'
import { requireService } from './lookup.ts'
import { presentService } from './present.ts'

/** DeleteService: needs a desired count of zero or force; ACTIVE → DRAINING while tasks stop → INACTIVE. */
export function deleteService(input: DeleteServiceRequest, world: World): DeleteServiceResponse {
  const { service } = requireService(world, input.cluster, input.service)
  if (service.status === 'INACTIVE') throw serviceNotFound()
  if (service.desiredCount > 0 && input.force !== true)
    throw invalidParameter('The service cannot be stopped while it is scaled above 0.')

  service.status = 'DRAINING'
  service.desiredCount = 0
  wake(world, service, 0, runPass)
  return { service: presentService(world, service) }
}
