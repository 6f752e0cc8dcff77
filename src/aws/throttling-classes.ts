/** Operations that share one token bucket in an account and region: how many calls it holds, how many come back a second. */
export interface ThrottlingClass {
  readonly name: string
  readonly burst: number
  readonly perSecond: number
}

/** A class, and the operations in it, with blanks between. */
type Row = readonly [name: string, burst: number, perSecond: number, operations: string]

/**
 * "Request throttling for the Amazon ECS API" in the ECS API reference; each operation in the class that the page lists
 * it under. The page does not list the calls for daemons, express services and continuous deployments.
 */
const ECS: readonly Row[] = [
  ['service-modify', 50, 5, 'CreateService UpdateService DeleteService'],
  ['service-read', 100, 20, 'DescribeServices ListServices'],
  ['service-deployments', 50, 20, 'DescribeServiceDeployments ListServiceDeployments'],
  ['service-revisions', 50, 20, 'DescribeServiceRevisions'],
  ['services-by-namespace', 10, 1, 'ListServicesByNamespace'],
  ['task-definition-modify', 20, 1, 'RegisterTaskDefinition DeregisterTaskDefinition'],
  ['task-definition-read', 50, 20, 'DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies'],
  ['task-definition-delete', 5, 1, 'DeleteTaskDefinitions'],
  [
    'cluster-modify',
    20,
    1,
    'CreateCluster DeleteCluster UpdateCluster UpdateClusterSettings PutClusterCapacityProviders',
  ],
  ['cluster-read', 50, 20, 'DescribeClusters ListClusters'],
  [
    'cluster-resource-modify',
    100,
    40,
    'RunTask StartTask StopTask ExecuteCommand DeregisterContainerInstance UpdateContainerInstancesState',
  ],
  [
    'cluster-resource-read',
    100,
    20,
    'DescribeTasks ListTasks DescribeContainerInstances ListContainerInstances ListAttributes',
  ],
  ['capacity-provider-modify', 10, 1, 'CreateCapacityProvider UpdateCapacityProvider DeleteCapacityProvider'],
  ['capacity-provider-read', 50, 20, 'DescribeCapacityProviders'],
  ['tag-modify', 20, 10, 'TagResource UntagResource'],
  ['tag-read', 50, 20, 'ListTagsForResource'],
  ['account-settings-modify', 10, 1, 'PutAccountSetting PutAccountSettingDefault DeleteAccountSetting'],
  ['account-settings-read', 50, 20, 'ListAccountSettings'],
  ['task-protection', 200, 80, 'GetTaskProtection UpdateTaskProtection'],
]

/**
 * "CloudWatch Logs quotas" in the CloudWatch Logs user guide: a rate for each operation, and for these no burst, so that
 * more than one second's worth at once may be too many.
 */
const LOGS: readonly Row[] = [
  ['create-log-group', 10, 10, 'CreateLogGroup'],
  ['delete-log-group', 10, 10, 'DeleteLogGroup'],
  ['describe-log-groups', 10, 10, 'DescribeLogGroups'],
  ['put-retention-policy', 5, 5, 'PutRetentionPolicy'],
  ['delete-retention-policy', 5, 5, 'DeleteRetentionPolicy'],
  ['tag-resource', 5, 5, 'TagResource'],
  ['untag-resource', 5, 5, 'UntagResource'],
  ['list-tags-for-resource', 5, 5, 'ListTagsForResource'],
]

/** "IAM and AWS STS quotas" in the IAM user guide: one quota for all calls that are made with credentials. */
const STS: readonly Row[] = [['sts', 600, 600, 'AssumeRole GetCallerIdentity']]

/** "LookupEvents" in the AWS CloudTrail API reference: two a second in an account and region; no burst is told. */
const CLOUDTRAIL: readonly Row[] = [['lookup-events', 2, 2, 'LookupEvents']]

/** By IAM prefix. A service that is not here publishes no rates for the calls that we make. */
const SERVICES: Readonly<Record<string, readonly Row[]>> = {
  cloudtrail: CLOUDTRAIL,
  ecs: ECS,
  logs: LOGS,
  sts: STS,
}

const BY_OPERATION: ReadonlyMap<string, ThrottlingClass> = new Map(
  Object.entries(SERVICES).flatMap(([service, rows]) =>
    rows.flatMap(([name, burst, perSecond, operations]) =>
      operations.split(' ').map((operation) => [`${service}:${operation}`, { name, burst, perSecond }] as const),
    ),
  ),
)

/** Undefined: AWS publishes no rate for the operation. */
export function throttlingClassOf(service: string, operation: string): ThrottlingClass | undefined {
  return BY_OPERATION.get(`${service}:${operation}`)
}
