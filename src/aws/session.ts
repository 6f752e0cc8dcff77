import type { Owner } from '../core/owner.ts'
import type { EcrPort } from './ecr.ts'
import type { EcsClusterPort } from './ecs-cluster.ts'
import type { EcsServicePort } from './ecs-service.ts'
import type { EcsTaskDefinitionPort } from './ecs-task-definition.ts'
import type { LogsPort } from './logs.ts'
import type { StsPort } from './sts.ts'

/** The narrow ports to one AWS account and region. Every method throws `Failure`. */
export interface AwsSession {
  readonly ecr: EcrPort
  readonly ecsClusters: EcsClusterPort
  readonly ecsServices: EcsServicePort
  readonly ecsTaskDefinitions: EcsTaskDefinitionPort
  readonly logs: LogsPort
  readonly sts: StsPort
  /** The same clients; calls made through it name the object in their user agent. */
  readonly actingFor: (owner: Owner) => AwsSession
}
