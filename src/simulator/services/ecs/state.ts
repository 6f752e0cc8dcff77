import type {
  AwsVpcConfiguration,
  CapacityProviderStrategyItem,
  ClusterConfiguration,
  ClusterSetting,
  ContainerDefinition,
  DeploymentConfiguration,
  RegisterTaskDefinitionRequest,
  ServiceConnectConfiguration,
  ServiceDeploymentStatus,
  ServiceRegistry,
  ServiceVolumeConfiguration,
  Tag,
  TaskOverride,
  TaskStopCode,
} from '@aws-sdk/client-ecs'

/** Milliseconds since the epoch, in virtual time. State holds numbers, answers hold dates: state is dumped as JSON. */
export type Moment = number

export type Dictionary<Value> = Record<string, Value>

/** An empty dictionary that has no inherited keys: `constructor` is a valid cluster name. */
export function dictionary<Value>(): Dictionary<Value> {
  return Object.create(null)
}

export interface ClusterRecord {
  readonly name: string
  readonly arn: string
  status: 'ACTIVE' | 'PROVISIONING' | 'INACTIVE'
  settings: readonly ClusterSetting[]
  configuration: ClusterConfiguration | undefined
  capacityProviders: readonly string[]
  strategy: readonly CapacityProviderStrategyItem[]
  serviceConnectNamespace: string | undefined
  /** Tasks launched so far; subnets take turns. */
  launchedTasks: number
  attachmentsStatus: 'UPDATE_IN_PROGRESS' | 'UPDATE_COMPLETE' | undefined
  /** By service name; tombstones included. */
  readonly services: Dictionary<ServiceRecord>
  /** By task id; recently stopped tasks included. */
  readonly tasks: Dictionary<TaskRecord>
}

export interface TaskDefinitionRecord {
  readonly arn: string
  readonly family: string
  readonly revision: number
  /** What was registered, with the defaults that AWS fills in. */
  readonly content: Omit<RegisterTaskDefinitionRequest, 'tags'> & {
    readonly containerDefinitions: ContainerDefinition[]
  }
  readonly compatibilities: readonly ('EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES')[]
  readonly registeredBy: string
  readonly registeredAt: Moment
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS'
  deregisteredAt: Moment | undefined
  deleteRequestedAt: Moment | undefined
}

/** What a deployment rolls out: everything whose change makes a new deployment. */
export interface Workload {
  readonly taskDefinition: string
  readonly launchType: 'FARGATE' | undefined
  readonly strategy: readonly CapacityProviderStrategyItem[] | undefined
  readonly platformVersion: string
  readonly network: AwsVpcConfiguration
  readonly serviceRegistries: readonly ServiceRegistry[]
  readonly serviceConnect: ServiceConnectConfiguration | undefined
  readonly volumes: readonly ServiceVolumeConfiguration[]
}

export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'

export interface DeploymentRecord {
  readonly id: string
  readonly revisionArn: string
  readonly workload: Workload
  readonly createdAt: Moment
  updatedAt: Moment
  rolloutState: RolloutState
  rolloutStateReason: string
  /** The service deployment that this one is the target of, now. */
  serviceDeploymentArn: string
  /** Failures as the circuit breaker counts them. */
  failedTasks: number
  /** The first stage of the breaker ends with the first task that runs. */
  everRunning: boolean
  /** Rounds of starts in a row that never ran; the back-off grows with them. */
  failedRounds: number
  lastFailedRoundAt: Moment | undefined
  startsHeldUntil: Moment
}

export interface EventRecord {
  readonly id: string
  readonly createdAt: Moment
  readonly message: string
}

export interface ServiceRecord {
  readonly arn: string
  readonly name: string
  readonly cluster: string
  readonly createdAt: Moment
  readonly createdBy: string
  /** Canonical creation parameters: the same again is the same service, others are a conflict. */
  readonly fingerprint: string
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE'
  desiredCount: number
  deploymentConfiguration: DeploymentConfiguration
  healthCheckGracePeriodSeconds: number | undefined
  enableECSManagedTags: boolean
  enableExecuteCommand: boolean
  propagateTags: 'TASK_DEFINITION' | 'SERVICE' | 'NONE'
  availabilityZoneRebalancing: 'ENABLED' | 'DISABLED'
  /** What an INACTIVE service last ran. */
  lastWorkload: Workload | undefined
  /** The primary deployment first, then the ones it replaces, newest first. */
  deployments: DeploymentRecord[]
  currentServiceDeployment: string
  /** Newest first. */
  events: EventRecord[]
  /** When a message was last given, by what it is about. */
  readonly announcedAt: Dictionary<Moment>
  /** Tasks that are not STOPPED yet, by id. */
  readonly liveTasks: Dictionary<true>
}

export interface ServiceRevisionRecord {
  readonly arn: string
  readonly serviceArn: string
  readonly clusterArn: string
  readonly createdAt: Moment
  readonly workload: Workload
}

export interface ServiceDeploymentRecord {
  readonly arn: string
  readonly serviceArn: string
  readonly clusterArn: string
  readonly createdAt: Moment
  readonly startedAt: Moment
  readonly sourceRevisionArns: readonly string[]
  readonly targetRevisionArn: string
  readonly targetDeploymentId: string
  readonly breaker: { enabled: boolean; failureCount: number; threshold: number; triggered: boolean }
  updatedAt: Moment
  finishedAt: Moment | undefined
  stoppedAt: Moment | undefined
  status: ServiceDeploymentStatus
  statusReason: string | undefined
  deploymentConfiguration: DeploymentConfiguration
  rollback: { readonly reason: string; readonly startedAt: Moment; readonly serviceRevisionArn: string } | undefined
}

export type TaskStatus =
  'PROVISIONING' | 'PENDING' | 'ACTIVATING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED'

export type Health = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN'

export interface ContainerRecord {
  readonly arn: string
  readonly name: string
  readonly image: string
  readonly essential: boolean
  readonly runtimeId: string
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED'
  exitCode: number | undefined
  reason: string | undefined
  health: Health
}

export interface TaskRecord {
  readonly id: string
  readonly arn: string
  readonly cluster: string
  readonly clusterArn: string
  readonly taskDefinition: string
  readonly group: string
  readonly startedBy: string | undefined
  /** Set for tasks of a service. */
  readonly service: string | undefined
  readonly deploymentId: string | undefined
  readonly launchType: 'FARGATE' | undefined
  readonly capacityProvider: string | undefined
  readonly platformVersion: string
  readonly zone: string
  readonly cpu: string
  readonly memory: string
  readonly overrides: TaskOverride
  readonly enableExecuteCommand: boolean
  readonly network: {
    readonly attachmentId: string
    readonly subnet: string
    readonly interfaceId: string
    readonly mac: string
    readonly address: string
    readonly dnsName: string
  }
  readonly containers: ContainerRecord[]
  readonly createdAt: Moment
  lastStatus: TaskStatus
  desiredStatus: 'RUNNING' | 'STOPPED'
  health: Health
  /** What the service scheduler last held this task to be; it counts each verdict once. */
  judged: Health
  /** Grows with every transition: a timer of an earlier state finds that it is out of date. */
  version: number
  connectivityAt: Moment | undefined
  pullStartedAt: Moment | undefined
  pullStoppedAt: Moment | undefined
  startedAt: Moment | undefined
  stoppingAt: Moment | undefined
  executionStoppedAt: Moment | undefined
  stoppedAt: Moment | undefined
  stopCode: TaskStopCode | undefined
  stoppedReason: string | undefined
}

export interface TokenRecord {
  readonly fingerprint: string
  readonly arns: readonly string[]
  readonly usedAt: Moment
}

export interface EcsState {
  readonly clusters: Dictionary<ClusterRecord>
  readonly families: Dictionary<{ lastRevision: number }>
  /** By `family:revision`. */
  readonly taskDefinitions: Dictionary<TaskDefinitionRecord>
  /** Keys of the revisions that are DELETE_IN_PROGRESS. */
  readonly deletedTaskDefinitions: Dictionary<true>
  readonly serviceDeployments: Dictionary<ServiceDeploymentRecord>
  readonly serviceRevisions: Dictionary<ServiceRevisionRecord>
  /** By ARN. */
  readonly tags: Dictionary<readonly Tag[]>
  /** By operation, scope and client token. */
  readonly tokens: Dictionary<TokenRecord>
  readonly accountSettings: Dictionary<string>
}

/** ECS of one account and Region before anything was done in it. */
export function createState(): EcsState {
  return {
    clusters: dictionary(),
    families: dictionary(),
    taskDefinitions: dictionary(),
    deletedTaskDefinitions: dictionary(),
    serviceDeployments: dictionary(),
    serviceRevisions: dictionary(),
    tags: dictionary(),
    tokens: dictionary(),
    accountSettings: dictionary(),
  }
}
