import { ownershipOf, type Owner } from '../../core/owner.ts'
import type { Drift, Permission, Resource, Scope } from '../../reconciler/resource.ts'
import { applyServiceStep } from './apply.ts'
import { serviceKey, serviceRefFrom, type DesiredService } from './desired.ts'
import { observeService, type ObservedService } from './observe.ts'
import { planService, type ServiceOutput, type ServiceStep } from './plan.ts'
import { serviceTrail } from './trail.ts'

const ARN = 'arn:*:ecs:*:*:service/*/*'

const permissions: readonly Permission[] = [
  { action: 'ecs:DescribeServices', arn: ARN, why: 'see whether a service is as it should be' },
  { action: 'ecs:ListServiceDeployments', arn: ARN, why: 'know which rollouts failed' },
  {
    action: 'ecs:DescribeServiceRevisions',
    arn: 'arn:*:ecs:*:*:service-revision/*/*/*',
    why: 'know what a failed rollout tried to reach',
  },
  { action: 'ecs:ListTasks', arn: '*', why: 'find the tasks that failed' },
  { action: 'ecs:DescribeTasks', arn: 'arn:*:ecs:*:*:task/*/*', why: 'say why a task failed' },
  { action: 'ecs:ListClusters', arn: '*', why: 'find the services of an object whose status was lost' },
  { action: 'ecs:ListServices', arn: '*', why: 'find the services of an object whose status was lost' },
  { action: 'ecs:CreateService', arn: ARN, why: 'create a service' },
  { action: 'ecs:UpdateService', arn: ARN, why: 'scale, configure and roll out a service' },
  { action: 'ecs:DeleteService', arn: ARN, why: 'delete a service' },
  { action: 'ecs:TagResource', arn: ARN, why: 'mark a new service as ours, and set the tags of its spec' },
  { action: 'ecs:UntagResource', arn: ARN, why: 'remove tags that the spec no longer names, and release a service' },
  { action: 'iam:PassRole', arn: 'arn:*:iam::*:role/*', why: 'hand the infrastructure role of volumes to ECS' },
]

const drifts: readonly Drift[] = [
  {
    fact: 'the service was scaled by hand',
    foundBy: 'sweep',
    inject: (key, { aws }, signal) =>
      aws.ecsServices.updateService({ ...serviceRefFrom(key), desiredCount: 5 }, signal),
  },
  {
    fact: 'the deployment configuration was changed by hand',
    foundBy: 'sweep',
    inject: (key, { aws }, signal) => {
      const deploymentConfiguration = { minimumHealthyPercent: 0, maximumPercent: 150 }
      return aws.ecsServices.updateService({ ...serviceRefFrom(key), deploymentConfiguration }, signal)
    },
  },
  {
    fact: 'the service was moved to other subnets by hand',
    foundBy: 'sweep',
    inject: (key, { aws }, signal) => {
      const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } }
      return aws.ecsServices.updateService({ ...serviceRefFrom(key), networkConfiguration }, signal)
    },
  },
  {
    fact: 'a tag of the spec was changed by hand',
    foundBy: 'sweep',
    inject: async (key, { aws }, signal) => {
      const service = await aws.ecsServices.readService(serviceRefFrom(key), signal)
      if (service) await aws.ecsServices.tag(service.arn, { team: 'somebody-else' }, signal)
    },
  },
  {
    fact: 'the service was deleted by hand',
    foundBy: 'sweep',
    inject: (key, { aws }, signal) => aws.ecsServices.deleteService(serviceRefFrom(key), signal),
  },
]

/** A service that keeps a number of tasks of one task definition running in a cluster. */
export const ecsServiceResource: Resource<DesiredService, ObservedService, ServiceStep, ServiceOutput> = {
  type: 'ecs-service',
  identify: serviceKey,
  observe: observeService,
  uses: taskDefinitionsOf,
  plan: planService,
  apply: applyServiceStep,
  calls: {
    create: 'ecs:CreateService',
    scale: 'ecs:UpdateService',
    configure: 'ecs:UpdateService',
    'roll-out': 'ecs:UpdateService',
    tag: 'ecs:TagResource',
    untag: 'ecs:UntagResource',
    adopt: 'ecs:TagResource',
    release: 'ecs:UntagResource',
    delete: 'ecs:DeleteService',
  },
  trail: serviceTrail,
  findOwned: findOwnedServices,
  permissions,
  drifts,
}

/** Every revision that a deployment of a living service may still start tasks from. */
function taskDefinitionsOf({ status, template, deployments }: ObservedService): readonly string[] {
  if (status === 'INACTIVE') return []
  return [template.taskDefinition, ...deployments.map(({ taskDefinition }) => taskDefinition)]
}

async function findOwnedServices(owner: Owner, { aws }: Scope, signal: AbortSignal): Promise<readonly string[]> {
  const refs = await aws.ecsServices.listServices(signal)
  const services = await Promise.all(refs.map((ref) => aws.ecsServices.readService(ref, signal)))
  return refs
    .filter((_, index) => ownershipOf(services[index]?.tags ?? {}, owner) === 'ours')
    .map(({ cluster, service }) => serviceKey({ cluster, name: service }))
}
