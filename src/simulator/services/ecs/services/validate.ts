import type { CreateServiceRequest, DeploymentConfiguration, UpdateServiceRequest } from '@aws-sdk/client-ecs'
import { invalidParameter, notModelled } from '../faults.ts'
import { LEDGER } from '../ledger.ts'

type Request = CreateServiceRequest | UpdateServiceRequest

const isFilled = (list: readonly unknown[] | undefined): boolean => list !== undefined && list.length > 0

function checkModelledMembers(input: Request): void {
  if (isFilled(input.loadBalancers)) throw notModelled('load balancers')
  if (isFilled(input.vpcLatticeConfigurations)) throw notModelled('VPC Lattice')
  if (isFilled(input.gatewayConnectors)) throw notModelled('gateway connectors')
  if (isFilled(input.placementConstraints)) throw notModelled('placement constraints')
  if (isFilled(input.placementStrategy)) throw notModelled('placement strategies')
}

function checkModelledConfiguration({ strategy = 'ROLLING', ...configuration }: DeploymentConfiguration): void {
  if (strategy !== 'ROLLING') throw notModelled(`deployment strategy ${strategy}`)
  if (configuration.alarms?.enable === true) throw notModelled('deployment alarms')
  if (isFilled(configuration.lifecycleHooks)) throw notModelled('deployment lifecycle hooks')
  if (configuration.bakeTimeInMinutes) throw notModelled('bake time')
}

/** Valid in AWS, but this model would not do them: better to say so than to pretend. */
function checkModelled(input: Request): void {
  const controller = input.deploymentController?.type ?? 'ECS'
  if (controller !== 'ECS') throw notModelled(`deployment controller ${controller}`)
  checkModelledMembers(input)
  checkModelledConfiguration(input.deploymentConfiguration ?? {})
}

function checkBreaker({ deploymentCircuitBreaker: breaker }: DeploymentConfiguration): void {
  if (breaker?.rollback === true && breaker.enable !== true)
    throw invalidParameter('The deployment circuit breaker must be enabled to use rollback.')
  const value = breaker?.thresholdConfiguration?.value
  if (value !== undefined && (!Number.isInteger(value) || value < 1))
    throw invalidParameter('The threshold of the deployment circuit breaker must be a positive integer.')
}

/** Throws InvalidParameterException for percentages that could never make progress. */
export function checkDeploymentConfiguration(configuration: DeploymentConfiguration): void {
  const {
    minimumHealthyPercent: minimum = LEDGER.minimumHealthyPercent.value,
    maximumPercent: maximum = LEDGER.maximumPercent.value,
  } = configuration
  if (minimum < 0) throw invalidParameter('minimumHealthyPercent must not be negative.')
  if (maximum < 100) throw invalidParameter('maximumPercent must be at least 100.')
  if (minimum > maximum) throw invalidParameter('minimumHealthyPercent must not exceed maximumPercent.')
  if (minimum === 100 && maximum === 100)
    throw invalidParameter(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    )
  checkBreaker(configuration)
}

/** What CreateService and UpdateService refuse alike. */
export function checkServiceRequest(input: Request): void {
  checkModelled(input)
  const { desiredCount = 0, healthCheckGracePeriodSeconds = 0 } = input
  if (desiredCount < 0) throw invalidParameter('desiredCount must not be negative.')
  if (desiredCount > LEDGER.tasksPerService.value) throw invalidParameter('desiredCount must be at most 5000.')
  if (healthCheckGracePeriodSeconds < 0) throw invalidParameter('healthCheckGracePeriodSeconds must not be negative.')
}
