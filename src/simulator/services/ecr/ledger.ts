import { entriesReadOn } from '../../ledger.ts'

const { documented, reported, assumed } = entriesReadOn('2026-11-21')
const API = 'Amazon ECR service model 2015-09-21 in botocore 1.44.5'
const GUIDE = 'Amazon ECR User Guide'

/** Fidelity ledger of simulated ECR. */
export const LEDGER = {
  pageSize: documented(
    100,
    'repositories or images on a page unless asked',
    `${API}, DescribeRepositories and ListImages`,
  ),
  authorizationTokenSeconds: documented(
    43_200,
    'how long an authorization token is valid',
    `${API}, GetAuthorizationToken`,
  ),
  tagsMax: documented(50, 'tags of a repository', `${GUIDE}, tag restrictions`),
  lifecycleEvaluationSeconds: assumed(
    86_400,
    'a lifecycle policy is evaluated once a day from when it was put (documented: images go within 24 hours)',
    `${GUIDE}, automate the cleanup of images`,
  ),
  lifecycleClaim: documented(
    'first matching rule',
    'an image that meets the tag requirements of a rule cannot be expired by a later rule, which still counts it',
    `${GUIDE}, how lifecycle policies work, as documentation of client libraries restates it`,
  ),
  lifecyclePatternWildcardsMax: documented(4, 'wildcards in a tag pattern', `${GUIDE}, lifecycle policy properties`),
  previewSeconds: assumed(
    5,
    'how long the preview of a lifecycle policy is in progress; it tells what would expire when it was started',
    'Amazon ECR service model 2015-09-21 in botocore 1.44.5, StartLifecyclePolicyPreview gives no time',
  ),
  lifecycleArchive: assumed(
    'refused',
    'rules that move images to the archive are refused: the simulator has no archive',
    'choice of the simulator',
  ),
  exclusionFilterWildcardsMax: assumed(
    2,
    'wildcards in an exclusion filter',
    'remembered from the ECR User Guide; no copy of the page that says so was found',
  ),
  policyLayout: reported(
    'own layout',
    'a repository policy comes back in a layout of its own, a lifecycle policy without white space',
    'example output of get-repository-policy and get-lifecycle-policy, AWS CLI reference',
  ),
  kmsKeyArn: assumed('key ARN', 'an alias or key id comes back as the ARN of a key', `${API}, EncryptionConfiguration`),
  scanSeconds: assumed(
    30,
    'how long the scan of an image that was pushed takes',
    `${GUIDE}, image scanning gives no time`,
  ),
  scanFindings: assumed(
    'none',
    'a scan finds what the scenario says of the image, and nothing else',
    'choice of the simulator',
  ),
  layers: assumed(
    'not simulated',
    'every image manifest is taken as if its layers had been uploaded',
    'choice of the simulator',
  ),
} as const
