import { entriesReadOn } from '../../ledger.ts'

const { documented, reported, assumed } = entriesReadOn('2026-11-21')
const API = 'Amazon ECS service model 2014-11-13 in botocore 1.44.5'
const GUIDE = 'Amazon ECS Developer Guide'
const QUOTAS = 'Amazon ECS default quotas, as public listings of Service Quotas restate them'

const ROLLOUT_LOGS =
  'public service event logs of one-task Fargate rollouts: start to registered 40–60 s, registered to old task stopped about 50 s, then completed about 50 s later'

const TASKS = {
  provisioningSeconds: assumed(15, 'time in PROVISIONING: the network interface is made', ROLLOUT_LOGS),
  pullSeconds: assumed(20, 'time in PENDING on Fargate: capacity is found and images are pulled', ROLLOUT_LOGS),
  activatingSeconds: assumed(10, 'time in ACTIVATING before RUNNING', ROLLOUT_LOGS),
  deactivatingSeconds: assumed(10, 'time in DEACTIVATING: targets are deregistered and drained', ROLLOUT_LOGS),
  gracefulExitSeconds: assumed(5, 'containers leave this long after SIGTERM, within every stop timeout', ROLLOUT_LOGS),
  deprovisioningSeconds: assumed(25, 'time in DEPROVISIONING: the network interface is removed', ROLLOUT_LOGS),
  stoppedTaskKeptSeconds: documented(
    3600,
    'stopped tasks stay describable for at least one hour',
    `${API}, DescribeTasks`,
  ),
  fargatePlatformVersion: documented('1.4.0', 'LATEST on Linux is 1.4.0', `${GUIDE}, Fargate platform versions`),
  fargatePlatformVersions: documented(
    ['LATEST', '1.4.0', '1.0.0'],
    'platform versions that may be named (1.0.0 is for Windows; 1.3.0 was retired in 2026)',
    `${GUIDE}, Fargate platform versions and their deprecation`,
  ),
  restartAttemptPeriodSeconds: documented(
    300,
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
    'tasks that the scheduler starts for one service in a minute (125 in Regions that AWS does not name)',
    QUOTAS,
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
    1620,
    'the delay between start attempts grows to 27 minutes',
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
  listServiceDeploymentsDefault: documented(
    20,
    'page of ListServiceDeployments unless asked otherwise',
    `${API}, ListServiceDeployments`,
  ),
  listMax: documented(
    100,
    'largest page of the list calls, and the page of the others unless asked otherwise',
    `${API}, ListServices, ListTasks, ListTaskDefinitions`,
  ),
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
  servicesPerCluster: documented(5000, 'services in a cluster', QUOTAS),
  tasksPerService: documented(5000, 'tasks of a service', QUOTAS),
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
    `${GUIDE}, viewing service deployments`,
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
  clustersMax: documented(10_000, 'clusters in a Region', QUOTAS),
} as const

const TASK_DEFINITIONS = {
  containersMax: documented(10, 'containers in a task definition', QUOTAS),
  taskDefinitionBytes: documented(65_536, 'size of a task definition', QUOTAS),
  revisionsMax: documented(1_000_000, 'revisions of a family', QUOTAS),
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

const CHOICE = 'choice of the simulator'
const REPORTS = 'error messages quoted in public bug reports of tools that call ECS'

/** What is not a number. */
const MANNERS = {
  errorMessages: reported('as quoted', 'messages of the common refusals read as in AWS', REPORTS),
  rareErrorMessages: assumed(
    'own words',
    'messages of refusals that nobody quotes; their codes are documented',
    `${API}, errors`,
  ),
  eventMessages: reported(
    'as quoted',
    'service events read as in AWS',
    `${GUIDE}, service event messages; public logs`,
  ),
  deploymentReasons: assumed(
    'own words',
    'statusReason and rollback.reason of a service deployment',
    `${API}, ServiceDeployment`,
  ),
  bothPercentages100: reported('refused', 'minimum and maximum of exactly 100 are refused', REPORTS),
  maximumBelow100: assumed('refused', 'a maximum below 100 per cent could never reach the desired count', CHOICE),
  providersNeedForce: reported('refused', 'a change of capacity providers needs a forced deployment', REPORTS),
  exitAtOnce: assumed(
    'before RUNNING',
    'a container that exits at once counts as a failed start, for the breaker and for the delay between starts; the guide says that its task was RUNNING and causes no delay, reports of Fargate rollouts have the breaker count it',
    `${GUIDE}, service throttle logic; public reports of the circuit breaker`,
  ),
  breakerStages: documented(
    'starts, then health',
    'failed starts count until a task runs; then only failed health checks do',
    `${GUIDE}, how the deployment circuit breaker detects failures`,
  ),
  completedStays: assumed(
    'until the next completes',
    'the last completed deployment stays listed, also without tasks, while another is rolled out',
    `${API}, DeploymentCircuitBreaker.rollback`,
  ),
  usedToken: assumed(
    'answers the first service',
    'a token that was used recreates nothing, not even after a delete',
    CHOICE,
  ),
  deletedInactiveService: assumed('ServiceNotFoundException', 'an inactive service cannot be deleted again', CHOICE),
  missingLogGroup: reported('TaskFailedToStart', 'a Fargate task whose log group is missing does not start', REPORTS),
  registryImages: assumed(
    'must be pushed',
    'images of the account’s own simulated registry must exist; all others do',
    CHOICE,
  ),
  echoedOnly: assumed(
    'no effect',
    'service registries, Service Connect, volumes, container order, overrides and zone rebalancing are kept and echoed only',
    CHOICE,
  ),
} as const

/** Fidelity ledger of simulated ECS: every AWS rule and constant that the model uses, and where it comes from. */
export const LEDGER = {
  ...TASKS,
  ...HEALTH,
  ...SCHEDULER,
  ...BREAKER,
  ...SERVICES,
  ...CLUSTERS,
  ...TASK_DEFINITIONS,
  ...TAGS,
  ...MANNERS,
}
