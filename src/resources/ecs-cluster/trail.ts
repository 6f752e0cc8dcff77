import { stringIn } from '../../core/json.ts'
import type { Trail } from '../../reconciler/resource.ts'
import type { ClusterStep } from './state.ts'

const TAGGING = ['ecs:TagResource', 'ecs:UntagResource']

/** Calls name a cluster or give its ARN, as the caller likes (ECS API reference). */
export const clusterTrail: Trail<ClusterStep['type']> = {
  causes: {
    create: ['ecs:DeleteCluster'],
    update: ['ecs:UpdateCluster', 'ecs:UpdateClusterSettings'],
    'put-capacity': ['ecs:PutClusterCapacityProviders'],
    tag: TAGGING,
    untag: TAGGING,
    delete: ['ecs:CreateCluster'],
  },
  isAbout: (parameters, name) =>
    ['cluster', 'clusterName', 'resourceArn'].some((member) => {
      const value = stringIn(parameters, member)
      return value === name || value?.endsWith(`:cluster/${name}`) === true
    }),
}
