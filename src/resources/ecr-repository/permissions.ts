import type { Permission } from '../../reconciler/resource.ts'

const REPOSITORY = 'arn:*:ecr:*:*:repository/*'

function permission(action: string, why: string): Permission {
  return { action: `ecr:${action}`, arn: REPOSITORY, why }
}

/** Every ECR call that the resource makes. */
export const repositoryPermissions: readonly Permission[] = [
  permission('DescribeRepositories', 'to see the repository and its settings'),
  permission('ListTagsForResource', 'to see whose the repository is'),
  permission('GetLifecyclePolicy', 'to see the lifecycle policy'),
  permission('GetRepositoryPolicy', 'to see the repository policy'),
  permission('DescribeImages', 'to count images and the findings of scans in status'),
  permission('ListImages', 'to see whether a repository that goes is empty'),
  permission('CreateRepository', 'to create the repository'),
  permission('PutImageTagMutability', 'to set whether tags may move'),
  permission('PutImageScanningConfiguration', 'to set scanning on push'),
  permission('PutLifecyclePolicy', 'to set the lifecycle policy'),
  permission('DeleteLifecyclePolicy', 'to remove the lifecycle policy'),
  permission('SetRepositoryPolicy', 'to set the repository policy'),
  permission('DeleteRepositoryPolicy', 'to remove the repository policy'),
  permission('TagResource', 'to mark the repository as ours and set the tags of the spec'),
  permission('UntagResource', 'to remove tags that left the spec, and ours on release'),
  permission('DeleteRepository', 'to delete the repository'),
]
