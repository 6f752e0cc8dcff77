import type { DeploymentConfiguration, ThresholdConfiguration } from '@aws-sdk/client-ecs'
import { LEDGER } from '../ledger.ts'

const DEFAULT_THRESHOLD: ThresholdConfiguration = { type: 'BOUNDED_PERCENT', value: LEDGER.breakerPercent.value }

/** Failures at which a deployment fails, for the newest desired count (Amazon ECS API Reference, ThresholdConfiguration). */
export function breakerThreshold(configuration: DeploymentConfiguration, desiredCount: number): number {
  const { type, value = 0 } = configuration.deploymentCircuitBreaker?.thresholdConfiguration ?? DEFAULT_THRESHOLD
  const share = Math.ceil((value * desiredCount) / 100)
  if (type === 'COUNT') return value
  if (type === 'UNBOUNDED_PERCENT') return Math.max(1, share)
  return Math.min(LEDGER.breakerMax.value, Math.max(LEDGER.breakerMin.value, share))
}

export const isBreakerOn = ({ deploymentCircuitBreaker }: DeploymentConfiguration): boolean =>
  deploymentCircuitBreaker?.enable === true

/** Whether a healthy task sets the count back to zero. */
export const resetsOnHealthyTask = ({ deploymentCircuitBreaker }: DeploymentConfiguration): boolean =>
  deploymentCircuitBreaker?.resetOnHealthyTask !== false
