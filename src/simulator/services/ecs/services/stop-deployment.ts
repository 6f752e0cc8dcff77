import type { StopServiceDeploymentRequest, StopServiceDeploymentResponse } from '@aws-sdk/client-ecs'
import { AwsFault } from '../../../service.ts'
import { runPass } from '../scheduler/pass.ts'
import { wake } from '../scheduler/wake.ts'
import type { World } from '../world.ts'
import { ownerOf } from './deployments.ts'
import { primaryOf, rollBack, rollbackTarget } from './rollout.ts'

const conflict = (message: string): AwsFault => new AwsFault('ConflictException', message)

/** StopServiceDeployment: goes back to the last completed deployment, also where the breaker would not. */
export function stopServiceDeployment(
  { serviceDeploymentArn: arn = '', stopType = 'ROLLBACK' }: StopServiceDeploymentRequest,
  world: World,
): StopServiceDeploymentResponse {
  const record = world.state.serviceDeployments[arn]
  const service = record && ownerOf(world, record.serviceArn)
  if (!record || !service)
    throw new AwsFault('ServiceDeploymentNotFoundException', 'The service deployment was not found.')
  // The model's documentation lists ROLLBACK as the only valid value, although the enumeration has ABORT.
  if (stopType !== 'ROLLBACK')
    throw new AwsFault('UnsupportedFeatureException', `Stop type ${stopType} is not supported.`)
  if (record.status !== 'IN_PROGRESS' || service.currentServiceDeployment !== arn)
    throw conflict('The service deployment is not in progress.')
  const target = rollbackTarget(service)
  if (!target) throw conflict('There is no completed service revision to roll back to.')

  const stopped = primaryOf(service)
  stopped.rolloutState = 'FAILED'
  stopped.rolloutStateReason = `ECS deployment ${stopped.id} stopped by user.`
  rollBack(world, service, target, {
    reason: 'Service deployment rolled back because of a user request.',
    rolloutStateReason: 'ECS deployment stopped by user: rolling back to deploymentId',
  })
  wake(world, service, 0, runPass)
  return { serviceDeploymentArn: arn }
}
