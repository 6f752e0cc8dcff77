import * as schemas from '@aws-sdk/client-ecr'
import type { SimulatedService } from '../../service.ts'
import { getAuthorizationToken } from './authorization.ts'
import { batchDeleteImage, batchGetImage } from './image-batch.ts'
import { describeImages, listImages } from './image-list.ts'
import { putImage } from './image.ts'
import { getLifecyclePolicyPreview, startLifecyclePolicyPreview } from './lifecycle-preview.ts'
import { deleteLifecyclePolicy, getLifecyclePolicy, putLifecyclePolicy } from './lifecycle.ts'
import { putImageTagMutability } from './mutability.ts'
import { deleteRepositoryPolicy, getRepositoryPolicy, setRepositoryPolicy } from './policy.ts'
import { createRepository, deleteRepository, describeRepositories } from './repository.ts'
import { putImageScanningConfiguration } from './scanning.ts'
import type { EcrState } from './state.ts'
import { listTagsForResource, tagResource, untagResource } from './tags.ts'

/** Amazon Elastic Container Registry: repositories with their policies, images without their layers. */
export const ecr: SimulatedService<EcrState> = {
  id: 'ecr',
  schemas,
  createState: () => ({ repositories: {} }),
  countLive: (state) => ({ repositories: Object.keys(state.repositories).length }),
  operations: {
    CreateRepository: createRepository,
    DescribeRepositories: describeRepositories,
    DeleteRepository: deleteRepository,
    PutImageTagMutability: putImageTagMutability,
    PutImageScanningConfiguration: putImageScanningConfiguration,
    PutLifecyclePolicy: putLifecyclePolicy,
    GetLifecyclePolicy: getLifecyclePolicy,
    DeleteLifecyclePolicy: deleteLifecyclePolicy,
    StartLifecyclePolicyPreview: startLifecyclePolicyPreview,
    GetLifecyclePolicyPreview: getLifecyclePolicyPreview,
    SetRepositoryPolicy: setRepositoryPolicy,
    GetRepositoryPolicy: getRepositoryPolicy,
    DeleteRepositoryPolicy: deleteRepositoryPolicy,
    TagResource: tagResource,
    UntagResource: untagResource,
    ListTagsForResource: listTagsForResource,
    PutImage: putImage,
    BatchGetImage: batchGetImage,
    BatchDeleteImage: batchDeleteImage,
    DescribeImages: describeImages,
    ListImages: listImages,
    GetAuthorizationToken: getAuthorizationToken,
  },
}
