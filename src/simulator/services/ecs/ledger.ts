import type { LedgerRow } from '../../ledger.ts'

/** How well a rule is founded. Nothing here was ever compared with a live account. */
type Basis = 'documented' | 'reported' | 'assumed'

interface Entry<Value> {
  readonly value: Value
  readonly rule: string
  readonly basis: Basis
  readonly source: string
  /** When the source was read: YYYY-MM. */
  readonly date: string
}

const READ = '2026-11'
const API = 'Amazon ECS API Reference, service model 2014-11-13 as shipped in @aws-sdk/client-ecs 3.1162.0'
const GUIDE = 'Amazon ECS Developer Guide'

const documented = <const Value>(value: Value, rule: string, source: string): Entry<Value> => ({
  value,
  rule,
  basis: 'documented',
  source,
  date: READ,
})
/** Seen in public logs and bug reports, not stated by AWS. */
const reported = <const Value>(value: Value, rule: string, source: string): Entry<Value> => ({
  ...documented(value, rule, source),
  basis: 'reported',
})
/** AWS publishes no number; this one is plausible and fits the reported whole. */
const assumed = <const Value>(value: Value, rule: string, source: string): Entry<Value> => ({
  ...documented(value, rule, source),
  basis: 'assumed',
})

const ROLLOUT_LOGS =
  'public service event logs of one-task Fargate rollouts: start to registered 40–60 s, registered to old task stopped about 50 s, then completed about 50 s later'

const TASKS = {
  provisioningSeconds: assumed(15, 'time in PROVISIONING: the network interface is made', ROLLOUT_LOGS),
  pullSeconds: assumed(20, 'time in PENDING on Fargate: capacity is found and images are pulled', ROLLOUT_LOGS),
  activatingSeconds: assumed(10, 'time in ACTIVATING before RUNNING', ROLLOUT_LOGS),
  deactivatingSeconds: reported(10, 'time in DEACTIVATING: targets are deregistered and drained', ROLLOUT_LOGS),
  gracefulExitSeconds: assumed(5, 'containers leave this long after SIGTERM, within every stop timeout', ROLLOUT_LOGS),
  deprovisioningSeconds: assumed(25, 'time in DEPROVISIONING: the network interface is removed', ROLLOUT_LOGS),
  stoppedTaskKeptSeconds: documented(
    3600,
    'stopped tasks stay describable for at least one hour',
    `${API}, DescribeTasks`,
  ),
  fargatePlatformVersion: documented('1.4.0', 'LATEST on Linux is 1.4.0', `${GUIDE}, Fargate platform versions`),
  fargatePlatformVersions: documented(
    ['LATEST', '1.3.0', '1.4.0', '1.0.0'],
    'platform versions that may be named (1.0.0 is for Windows)',
    `${GUIDE}, Fargate platform versions`,
  ),
  restartAttemptPeriodSeconds: documented(
    60,
    'a container restarts only after running this long, unless its restart policy says otherwise',
    `${API}, ContainerRestartPolicy`,
  ),
  runTaskMax: documented(10, 'tasks for each RunTask call', `${API}, RunTask`),
  runTaskTokenLength: documented(64, 'characters in the client token of RunTask', `${API}, RunTask`),
  startedByLength: documented(128, 'characters in startedBy', `${API}, RunTask`),
  overridesLength: documented(8192, 'characters in task overrides', `${API}, RunTask`),
  describeTasksMax: documented(100, 'tasks for each DescribeTasks call', `${API}, DescribeTasks`),
} as const

const HEALTH = {
  healthIntervalSeconds: documented(30, 'default interval of a container health check', `${API}, HealthCheck`),
  healthTimeoutSeconds: documented(5, 'default timeout of a container health check', `${API}, HealthCheck`),
  healthRetries: documented(3, 'default retries of a container health check', `${API}, HealthCheck`),
  healthIntervalRange: documented([5, 300], 'seconds between two checks', `${API}, HealthCheck`),
  healthTimeoutRange: documented([2, 60], 'seconds that a check may take', `${API}, HealthCheck`),
  healthRetriesRange: documented([1, 10], 'failed checks before UNHEALTHY', `${API}, HealthCheck`),
  healthStartPeriodRange: documented([0, 300], 'seconds in which failures do not count', `${API}, HealthCheck`),
} as const

const SCHEDULER = {
  passSeconds: reported(10, 'the scheduler looks at a service about every 10 s', 'public service event logs'),
  healthyAfterSeconds: documented(
    40,
    'without load balancer and health check a task counts as healthy this long after RUNNING',
    `${API}, DeploymentConfiguration.minimumHealthyPercent`,
  ),
  minimumHealthyPercent: documented(100, 'default of a replica service', `${API}, DeploymentConfiguration`),
  maximumPercent: documented(200, 'default of a replica service', `${API}, DeploymentConfiguration`),
  launchesPerMinute: documented(
    500,
    'tasks that the scheduler starts for one service in a minute',
    `${GUIDE}, service quotas`,
  ),
  tasksPerEvent: reported(10, 'a start or stop event names at most this many tasks', 'public service event logs'),
  eventsKept: documented(100, 'most recent events of a service', `${GUIDE}, service event messages`),
  eventSilenceSeconds: documented(
    21_600,
    'an identical message is omitted until its cause is resolved or six hours pass',
    `${GUIDE}, service event messages`,
  ),
  backoffFreeRounds: assumed(
    3,
    'failed starts in a row before the scheduler slows down',
    `${GUIDE}, service throttle logic (no numbers given)`,
  ),
  backoffBaseSeconds: assumed(
    30,
    'first delay of the scheduler; doubles each round',
    `${GUIDE}, service throttle logic (no numbers given)`,
  ),
  backoffMaxSeconds: documented(
    900,
    'the delay between start attempts grows to 15 minutes',
    `${GUIDE}, service throttle logic`,
  ),
} as const

const BREAKER = {
  breakerPercent: documented(
    50,
    'default threshold: BOUNDED_PERCENT of the desired count',
    `${API}, ThresholdConfiguration`,
  ),
  breakerMin: documented(3, 'smallest bounded threshold', `${API}, ServiceDeploymentCircuitBreaker`),
  breakerMax: documented(200, 'largest bounded threshold', `${API}, ServiceDeploymentCircuitBreaker`),
} as const

const SERVICES = {
  describeServicesMax: documented(10, 'services for each DescribeServices call', `${API}, DescribeServices`),
  listServicesDefault: documented(10, 'page of ListServices unless asked otherwise', `${API}, ListServices`),
  listMax: documented(100, 'largest page of the list calls', `${API}, ListServices, ListTasks, ListTaskDefinitions`),
  serviceTokenLength: documented(
    36,
    'ASCII characters 33–126 in the client token of CreateService',
    `${API}, CreateService`,
  ),
  tokenSeconds: assumed(
    86_400,
    'an idempotency token is remembered for a day',
    `${API}, Ensuring idempotency (RunTask)`,
  ),
  nameLength: documented(
    255,
    'letters, digits, hyphens and underscores in the name of a cluster, family or service',
    `${API}, CreateService`,
  ),
  subnetsMax: documented(16, 'subnets of an awsvpc configuration', `${API}, AwsVpcConfiguration`),
  securityGroupsMax: documented(5, 'security groups of an awsvpc configuration', `${API}, AwsVpcConfiguration`),
  strategyMax: documented(20, 'capacity providers in a strategy', `${API}, CreateService`),
  strategyBaseMax: documented(100_000, 'largest base of a strategy item', `${API}, CapacityProviderStrategyItem`),
  strategyWeightMax: documented(1000, 'largest weight of a strategy item', `${API}, CapacityProviderStrategyItem`),
  servicesPerCluster: documented(5000, 'services in a cluster', `${GUIDE}, service quotas`),
  tasksPerService: documented(5000, 'tasks of a service', `${GUIDE}, service quotas`),
  serviceTombstoneSeconds: assumed(
    86_400,
    'an INACTIVE service is describable for a day',
    `${API}, DeleteService (no number given)`,
  ),
  describeDeploymentsMax: documented(
    20,
    'ARNs for each call that describes service deployments or revisions',
    `${API}, DescribeServiceDeployments`,
  ),
  deploymentHistorySeconds: documented(
    7_776_000,
    'service deployments are kept for 90 days',
    `${API}, ListServiceDeployments`,
  ),
} as const

const CLUSTERS = {
  capacityUpdateSeconds: assumed(
    5,
    'capacity provider changes of a cluster take this long',
    `${API}, Cluster.attachmentsStatus (no number given)`,
  ),
  clusterTombstoneSeconds: assumed(
    86_400,
    'an INACTIVE cluster is describable for a day',
    `${API}, DeleteCluster (no number given)`,
  ),
  describeClustersMax: documented(100, 'clusters for each DescribeClusters call', `${API}, DescribeClusters`),
  clustersMax: documented(10_000, 'clusters in a Region', `${GUIDE}, service quotas`),
} as const

const TASK_DEFINITIONS = {
  containersMax: documented(10, 'containers in a task definition', `${GUIDE}, service quotas`),
  taskDefinitionBytes: documented(65_536, 'size of a task definition', `${GUIDE}, service quotas`),
  revisionsMax: documented(1_000_000, 'revisions of a family', `${GUIDE}, service quotas`),
  deleteTaskDefinitionsMax: documented(
    10,
    'task definitions for each DeleteTaskDefinitions call',
    `${API}, DeleteTaskDefinitions`,
  ),
  taskDefinitionDeletionSeconds: assumed(
    60,
    'deletion of an unused revision takes this long',
    `${API}, DeleteTaskDefinitions (no number given)`,
  ),
  ephemeralStorageRange: documented([21, 200], 'GiB of ephemeral storage on Fargate', `${API}, EphemeralStorage`),
  fargateLogDrivers: documented(
    ['awslogs', 'splunk', 'awsfirelens'],
    'log drivers on Fargate',
    `${API}, LogConfiguration`,
  ),
} as const

const TAGS = {
  tagsMax: documented(50, 'tags of a resource', `${API}, Tag`),
  tagKeyLength: documented(128, 'characters in a tag key', `${API}, Tag`),
  tagValueLength: documented(256, 'characters in a tag value', `${API}, Tag`),
} as const

/** Every AWS rule and constant that simulated ECS uses; code reads its numbers here. */
export const LEDGER = {
  ...TASKS,
  ...HEALTH,
  ...SCHEDULER,
  ...BREAKER,
  ...SERVICES,
  ...CLUSTERS,
  ...TASK_DEFINITIONS,
  ...TAGS,
}

const ROOM = 'src/simulator/services/ecs'

function rowsOf(rules: Readonly<Record<string, Entry<unknown>>>, area: string, test: string): LedgerRow[] {
  return Object.entries(rules).map(([name, { value, rule, basis, source, date }]) => ({
    id: `ecs.${area}.${name}`,
    rule,
    value: typeof value === 'number' ? value : String(value),
    source: basis === 'documented' ? source : `${basis}: ${source}`,
    read: date,
    test: `${ROOM}/${test}`,
  }))
}

/** The fidelity ledger of simulated ECS, with the test that shows each rule at work. */
export const ECS_LEDGER: readonly LedgerRow[] = [
  ...rowsOf(TASKS, 'tasks', 'tasks/tasks.test.ts'),
  ...rowsOf(HEALTH, 'health', 'tasks/tasks.test.ts'),
  ...rowsOf(SCHEDULER, 'scheduler', 'scheduler/pass.test.ts'),
  ...rowsOf(BREAKER, 'breaker', 'scheduler/breaker.test.ts'),
  ...rowsOf(SERVICES, 'services', 'services/services.test.ts'),
  ...rowsOf(CLUSTERS, 'clusters', 'clusters/clusters.test.ts'),
  ...rowsOf(TASK_DEFINITIONS, 'task-definitions', 'task-definitions/task-definitions.test.ts'),
  ...rowsOf(TAGS, 'tags', 'account/account.test.ts'),
]
