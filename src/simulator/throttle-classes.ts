/** Operations that draw on one token bucket per account and region. */
export interface ThrottleClass {
  readonly name: string
  readonly burst: number
  readonly perSecond: number
  readonly operations: readonly string[]
}

/**
 * Published request rates by signing name; a rate without a burst counts as both. Sources: "Request throttling for the
 * Amazon ECS API", "Amazon ECR service quotas", "CloudWatch Logs quotas" (where Regions differ, that of most), "IAM and
 * STS quotas" (for requests with credentials), "LookupEvents" in the CloudTrail API reference. Operations that the pages do not list are not throttled.
 */
export const THROTTLE_CLASSES: Readonly<Record<string, readonly ThrottleClass[]>> = {
  cloudtrail: [limit('lookup-events', 2, 2, 'LookupEvents')],
  ecs: [
    limit('service-modify', 50, 5, 'CreateService UpdateService DeleteService'),
    limit('service-read', 100, 20, 'DescribeServices ListServices'),
    limit('service-deployments', 50, 20, 'DescribeServiceDeployments ListServiceDeployments'),
    limit('service-revisions', 50, 20, 'DescribeServiceRevisions'),
    limit('services-by-namespace', 10, 1, 'ListServicesByNamespace'),
    limit('task-definition-modify', 20, 1, 'RegisterTaskDefinition DeregisterTaskDefinition'),
    limit('task-definition-read', 50, 20, 'DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies'),
    limit('task-definition-delete', 5, 1, 'DeleteTaskDefinitions'),
    limit(
      'cluster-modify',
      20,
      1,
      'CreateCluster DeleteCluster UpdateCluster UpdateClusterSettings PutClusterCapacityProviders',
    ),
    limit('cluster-read', 50, 20, 'DescribeClusters ListClusters'),
    limit(
      'cluster-resource-modify',
      100,
      40,
      'RunTask StartTask StopTask ExecuteCommand RegisterContainerInstance DeregisterContainerInstance UpdateContainerInstancesState UpdateContainerAgent PutAttributes DeleteAttributes',
    ),
    limit(
      'cluster-resource-read',
      100,
      20,
      'DescribeTasks ListTasks DescribeContainerInstances ListContainerInstances ListAttributes',
    ),
    limit('capacity-provider-modify', 10, 1, 'CreateCapacityProvider UpdateCapacityProvider DeleteCapacityProvider'),
    limit('capacity-provider-read', 50, 20, 'DescribeCapacityProviders'),
    limit('tag-modify', 20, 10, 'TagResource UntagResource'),
    limit('tag-read', 50, 20, 'ListTagsForResource'),
    limit('account-setting-modify', 10, 1, 'PutAccountSetting PutAccountSettingDefault DeleteAccountSetting'),
    limit('account-setting-read', 50, 20, 'ListAccountSettings'),
    limit('task-protection', 200, 80, 'GetTaskProtection UpdateTaskProtection'),
  ],
  ecr: [
    limit('get-authorization-token', 500, 500, 'GetAuthorizationToken'),
    limit('batch-get-image', 2000, 2000, 'BatchGetImage'),
    limit('put-image', 10, 10, 'PutImage'),
  ],
  logs: [
    limit('create-log-group', 10, 10, 'CreateLogGroup'),
    limit('delete-log-group', 10, 10, 'DeleteLogGroup'),
    limit('describe-log-groups', 10, 10, 'DescribeLogGroups'),
    limit('put-retention-policy', 5, 5, 'PutRetentionPolicy'),
    limit('delete-retention-policy', 5, 5, 'DeleteRetentionPolicy'),
    limit('tag-resource', 5, 5, 'TagResource'),
    limit('untag-resource', 5, 5, 'UntagResource'),
    limit('list-tags-for-resource', 5, 5, 'ListTagsForResource'),
    limit('create-log-stream', 50, 50, 'CreateLogStream'),
    limit('delete-log-stream', 15, 15, 'DeleteLogStream'),
    limit('describe-log-streams', 25, 25, 'DescribeLogStreams'),
    limit('put-log-events', 5000, 5000, 'PutLogEvents'),
    limit('get-log-events', 25, 25, 'GetLogEvents'),
    limit('filter-log-events', 10, 10, 'FilterLogEvents'),
  ],
  sts: [limit('sts', 600, 600, 'GetCallerIdentity AssumeRole GetAccessKeyInfo')],
}

function limit(name: string, burst: number, perSecond: number, operations: string): ThrottleClass {
  return { name, burst, perSecond, operations: operations.split(' ') }
}
