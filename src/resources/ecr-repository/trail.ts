import { stringIn } from '../../core/json.ts'
import type { Trail } from '../../reconciler/resource.ts'
import type { RepositoryStep } from './state.ts'

const TAGGING = ['ecr:TagResource', 'ecr:UntagResource']
const LIFECYCLE = ['ecr:PutLifecyclePolicy', 'ecr:DeleteLifecyclePolicy']
const POLICY = ['ecr:SetRepositoryPolicy', 'ecr:DeleteRepositoryPolicy']

/** Every call that changes a repository names it, but tagging, which has its ARN (ECR API reference). */
export const repositoryTrail: Trail<RepositoryStep['type']> = {
  causes: {
    create: ['ecr:DeleteRepository'],
    'set-tag-mutability': ['ecr:PutImageTagMutability'],
    'set-scan-on-push': ['ecr:PutImageScanningConfiguration'],
    'put-lifecycle-policy': LIFECYCLE,
    'delete-lifecycle-policy': LIFECYCLE,
    'set-policy': POLICY,
    'delete-policy': POLICY,
    tag: TAGGING,
    untag: TAGGING,
    delete: ['ecr:CreateRepository'],
  },
  isAbout: (parameters, name) =>
    stringIn(parameters, 'repositoryName') === name ||
    stringIn(parameters, 'resourceArn')?.endsWith(`:repository/${name}`) === true,
}
