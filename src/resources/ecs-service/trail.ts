import { stringIn } from '../../core/json.ts'
import type { Trail } from '../../reconciler/resource.ts'
import { serviceRefFrom } from './desired.ts'
import type { ServiceStep } from './plan.ts'

const TAGGING = ['ecs:TagResource', 'ecs:UntagResource']

/** Calls name service and cluster or give their ARNs, as the caller likes (ECS API reference). */
export const serviceTrail: Trail<ServiceStep['type']> = {
  causes: {
    create: ['ecs:DeleteService'],
    scale: ['ecs:UpdateService'],
    configure: ['ecs:UpdateService'],
    'roll-out': ['ecs:UpdateService', 'ecs:StopServiceDeployment'],
    tag: TAGGING,
    untag: TAGGING,
    adopt: TAGGING,
    release: TAGGING,
    delete: ['ecs:CreateService'],
  },
  isAbout: (parameters, key) => isByArn(parameters, key) || isByName(parameters, key),
}

function isByArn(parameters: unknown, key: string): boolean {
  const arns = ['service', 'resourceArn'].map((member) => stringIn(parameters, member))
  const deployment = stringIn(parameters, 'serviceDeploymentArn')
  return arns.some((arn) => arn?.endsWith(`:service/${key}`)) || deployment?.includes(`/${key}/`) === true
}

function isByName(parameters: unknown, key: string): boolean {
  const ref = serviceRefFrom(key)
  const service = stringIn(parameters, 'service') ?? stringIn(parameters, 'serviceName') ?? ''
  // The cluster that is meant when none is named.
  const cluster = stringIn(parameters, 'cluster') ?? 'default'
  return nameIn(service) === ref.service && nameIn(cluster) === ref.cluster
}

/** Old ARNs of services lack the cluster. */
function nameIn(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)
}
