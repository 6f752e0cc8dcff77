import type { KindCoverage } from '../../reconciler/coverage.ts'

const cluster = 'spec.clusterRef'
const network = 'It comes with the kinds for load balancers and networks.'
const ec2 = 'Fargate does not support it; it comes with the EC2 launch type.'
const blueGreen = 'It comes with blue/green, linear and canary deployments.'

const CONTAINER = 'containerDefinitions'

const notRolling = {
  loadBalancers: network,
  vpcLatticeConfigurations: network,
  gatewayConnectors: network,
  healthCheckGracePeriodSeconds: network,
  placementConstraints: ec2,
  placementStrategy: ec2,
  deploymentController: 'Only the controller ECS is used, which is the default.',
  monitoring: 'DescribeServices does not show it, so that nobody could tell what is set.',
  'deploymentConfiguration.lifecycleHooks': blueGreen,
  'deploymentConfiguration.linearConfiguration': blueGreen,
  'deploymentConfiguration.canaryConfiguration': blueGreen,
}

/** How EcsService accounts for the members of the inputs of ECS and CloudWatch Logs. */
export const coverage: KindCoverage = [
  {
    service: 'ecs',
    operation: 'RegisterTaskDefinition',
    under: 'taskDefinition',
    notModelled: {
      ipcMode: ec2,
      placementConstraints: ec2,
      inferenceAccelerators: 'AWS no longer offers it.',
      'volumes.host': ec2,
      'volumes.dockerVolumeConfiguration': ec2,
      'volumes.fsxWindowsFileServerVolumeConfiguration': ec2,
      [`${CONTAINER}.links`]: ec2,
      [`${CONTAINER}.hostname`]: ec2,
      [`${CONTAINER}.disableNetworking`]: ec2,
      [`${CONTAINER}.privileged`]: ec2,
      [`${CONTAINER}.dnsServers`]: ec2,
      [`${CONTAINER}.dnsSearchDomains`]: ec2,
      [`${CONTAINER}.extraHosts`]: ec2,
      [`${CONTAINER}.dockerSecurityOptions`]: ec2,
      [`${CONTAINER}.resourceRequirements`]: ec2,
      [`${CONTAINER}.linuxParameters.devices`]: ec2,
      [`${CONTAINER}.linuxParameters.sharedMemorySize`]: ec2,
      [`${CONTAINER}.linuxParameters.maxSwap`]: ec2,
      [`${CONTAINER}.linuxParameters.swappiness`]: ec2,
    },
  },
  {
    service: 'ecs',
    operation: 'CreateService',
    saidAs: { cluster },
    notModelled: {
      ...notRolling,
      clientToken: 'The operator derives it from what the call is for.',
      role: 'Only Classic Load Balancers need it; ECS uses its service-linked role.',
    },
  },
  {
    service: 'ecs',
    operation: 'UpdateService',
    saidAs: { cluster, service: 'spec.serviceName' },
    notModelled: {
      ...notRolling,
      forceNewDeployment: 'The annotation longshore.dev/retry-rollout asks for it once.',
    },
  },
  {
    service: 'cloudwatch-logs',
    operation: 'CreateLogGroup',
    saidAs: { tags: 'spec.tags' },
    notModelled: {
      logGroupName:
        'It is derived from the namespace and the name of the object; other groups are named in the log options.',
      kmsKeyId: 'Groups with settings of their own are made elsewhere and named in the log options.',
      logGroupClass: 'Groups with settings of their own are made elsewhere and named in the log options.',
      deletionProtectionEnabled: 'Groups with settings of their own are made elsewhere and named in the log options.',
    },
  },
  {
    service: 'cloudwatch-logs',
    operation: 'PutRetentionPolicy',
    under: 'logGroup',
    notModelled: { logGroupName: 'It is derived from the namespace and the name of the object.' },
  },
]
