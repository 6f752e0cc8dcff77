import type { DeploymentConfiguration } from '@aws-sdk/client-ecs'
import { LEDGER } from '../ledger.ts'

/** How many tasks a service may have: at least `lower` healthy ones, at most `upper` starting or running ones. */
export interface Band {
  readonly lower: number
  readonly upper: number
}

/** Percentages of the desired count, the lower bound rounded up, the upper one down (Amazon ECS API Reference, DeploymentConfiguration). */
export function bandOf(desiredCount: number, configuration: DeploymentConfiguration): Band {
  const minimum = configuration.minimumHealthyPercent ?? LEDGER.minimumHealthyPercent.value
  const maximum = configuration.maximumPercent ?? LEDGER.maximumPercent.value
  return { lower: Math.ceil((desiredCount * minimum) / 100), upper: Math.floor((desiredCount * maximum) / 100) }
}
