import * as z from 'zod'
import { TagList } from '../../reconciler/schema/tags.ts'
import { LifecyclePolicy } from './schema/lifecycle-policy.ts'
import { Principals } from './schema/principals.ts'

// The pattern of RepositoryName in ECR's service model.
const REPOSITORY_NAME = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/

const ExclusionFilter = z.strictObject({
  filterType: z.enum(['WILDCARD']).describe('How the filter is written; ECR knows only WILDCARD.'),
  filter: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[0-9a-zA-Z._*-]+$/)
    .describe('The tags that are excepted; an asterisk stands for any characters.'),
})

const ImageScanningConfiguration = z.strictObject({
  scanOnPush: z
    .boolean()
    .describe('Whether images are scanned after each push. ECR prefers the setting of the whole registry.'),
})

const EncryptionConfiguration = z
  .strictObject({
    encryptionType: z.enum(['AES256', 'KMS', 'KMS_DSSE']).describe('How images are encrypted at rest.'),
    kmsKey: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .describe(
        "Alias, id or ARN of the KMS key in the repository's region. Absent: the key that AWS manages for ECR.",
      ),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: 'self == oldSelf',
        message:
          'spec.encryptionConfiguration cannot change, because ECR cannot encrypt a repository anew: create another repository and copy the images',
      },
      {
        rule: "self.encryptionType != 'AES256' || !has(self.kmsKey)",
        message: 'spec.encryptionConfiguration.kmsKey needs encryptionType KMS or KMS_DSSE: change one of them',
      },
    ],
  })

const rules = [
  {
    rule: 'has(self.repositoryName) == has(oldSelf.repositoryName) && (!has(self.repositoryName) || self.repositoryName == oldSelf.repositoryName)',
    message: 'spec.repositoryName cannot change, because ECR cannot rename a repository: create another EcrRepository',
    fieldPath: '.repositoryName',
  },
  {
    rule: "(has(self.imageTagMutability) && self.imageTagMutability in ['MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION']) == has(self.imageTagMutabilityExclusionFilters)",
    message:
      'spec.imageTagMutabilityExclusionFilters goes with an imageTagMutability that ends in _WITH_EXCLUSION: set both or neither',
    fieldPath: '.imageTagMutabilityExclusionFilters',
  },
  {
    rule: '!(has(self.lifecyclePolicy) && has(self.lifecyclePolicyText))',
    message: 'spec.lifecyclePolicy and spec.lifecyclePolicyText say the same thing: keep one of them',
    fieldPath: '.lifecyclePolicyText',
  },
  {
    rule: '!(has(self.policyText) && (has(self.pullPrincipals) || has(self.pushPrincipals)))',
    message:
      'spec.policyText is the whole repository policy: leave out spec.pullPrincipals and spec.pushPrincipals, or write their statements into it',
    fieldPath: '.policyText',
  },
]

export const EcrRepositorySpec = z
  .strictObject({
    repositoryName: z
      .string()
      .min(2)
      .max(256)
      .regex(REPOSITORY_NAME)
      .optional()
      .describe('Name in ECR; immutable. Absent: the namespace and the name of this object, with a slash between.'),
    imageTagMutability: z
      .enum(['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'])
      .optional()
      .describe('Whether a tag may be moved to another image. Absent: left as it is.'),
    imageTagMutabilityExclusionFilters: z
      .array(ExclusionFilter)
      .min(1)
      .max(5)
      .optional()
      .describe('The tags to which the opposite applies.')
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['filter'] }),
    imageScanningConfiguration: ImageScanningConfiguration.optional().describe(
      'Scanning of this repository. Absent: left as it is.',
    ),
    encryptionConfiguration: EncryptionConfiguration.optional().describe(
      "Encryption at rest; immutable. Absent: ECR's own (AES256) for a new repository.",
    ),
    lifecyclePolicy: LifecyclePolicy.optional().describe(
      'Which images expire or move to the archive, and when. Absent: left as it is; without rules: removed.',
    ),
    lifecyclePolicyText: z
      .string()
      .max(30720)
      .optional()
      .describe('The lifecycle policy as JSON, in place of lifecyclePolicy. Absent: left as it is; empty: removed.'),
    policyText: z
      .string()
      .max(10240)
      .optional()
      .describe('The repository policy as JSON: who may do what. Absent: left as it is; empty: removed.'),
    pullPrincipals: Principals.optional().describe(
      'Who else may pull; a repository policy is made of it. Absent with pushPrincipals: left as it is; both empty: removed.',
    ),
    pushPrincipals: Principals.optional().describe(
      'Who else may push and pull; a repository policy is made of it. Absent with pullPrincipals: left as it is; both empty: removed.',
    ),
    tags: TagList.optional().describe(
      'Tags of the repository; tags that others put there stay. Absent: left as they are; a tag that leaves the list is removed.',
    ),
    forceDelete: z
      .boolean()
      .optional()
      .describe(
        'Whether deleting this object deletes the images as well. Absent: deletion waits until there are none.',
      ),
  })
  .describe('What the repository is to be like. A field that is absent is left as it is in AWS.')
  .meta({ 'x-kubernetes-validations': rules })
export type EcrRepositorySpec = z.infer<typeof EcrRepositorySpec>

const imageDigest = z.string().describe('Digest of the image.')
const imageTags = z.array(z.string()).max(5).describe('Its tags, five at most.')

const LatestImage = z.strictObject({
  imageDigest,
  imageTags,
  imagePushedAt: z.iso.datetime().optional().describe('When it was pushed.'),
})

const LatestScan = z.strictObject({
  imageDigest,
  imageTags,
  status: z.string().describe('How the scan stands, in the words of ECR: COMPLETE, IN_PROGRESS, FAILED and others.'),
  imageScanCompletedAt: z.iso.datetime().optional().describe('When it was completed last.'),
  findingSeverityCounts: z
    .record(z.string(), z.int().min(0))
    .describe('How many findings there are, by severity: CRITICAL, HIGH, MEDIUM, LOW and others.'),
})

export const EcrRepositoryStatus = z.strictObject({
  repositoryName: z.string().optional().describe('Name in ECR.'),
  arn: z.string().optional().describe('ARN of the repository.'),
  url: z
    .string()
    .optional()
    .describe('What images are named by: URL without a scheme, to which a tag or digest is added.'),
  registryId: z.string().optional().describe('The account whose registry holds the repository.'),
  createdAt: z.iso.datetime().optional().describe('When the repository was created in ECR.'),
  imageCount: z
    .int()
    .min(0)
    .optional()
    .describe(
      'Images in the repository, as of the last thorough look: about once an hour, and whenever one is asked for.',
    ),
  latestImage: LatestImage.optional().describe('The image that was pushed last, those with tags first.'),
  latestScan: LatestScan.optional().describe(
    'Of the images that ECR has scanned, or is scanning, the one pushed last.',
  ),
})
export type EcrRepositoryStatus = z.infer<typeof EcrRepositoryStatus>
