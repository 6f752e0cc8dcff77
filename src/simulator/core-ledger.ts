import { entriesReadOn } from './ledger.ts'

const { documented, assumed } = entriesReadOn('2026-11-21')

/** Fidelity ledger of what all services share. */
export const CORE_LEDGER = {
  signatureSkewSeconds: documented(
    300,
    'how wrong a caller’s clock may be; checked only while virtual time runs as real time does',
    'IAM User Guide, Signature Version 4 (a request must arrive within five minutes of its time stamp)',
  ),
  signatureSecret: assumed(
    'not checked',
    'any secret is taken: presence and scope of the signature are checked',
    'choice of the simulator',
  ),
  requestRates: documented(
    'see throttle-classes.ts',
    'request rates of ECS, ECR, Logs, STS and CloudTrail; operations without a published rate are not throttled',
    'Amazon ECS API Reference, request throttling; service quotas pages of Amazon ECR, CloudWatch Logs, and IAM and STS; AWS CloudTrail API Reference, LookupEvents',
  ),
  constraints: documented(
    'see overlay/',
    'lengths, ranges, patterns and enumerations; patterns must match as a whole',
    'service models in botocore; the version is in each file',
  ),
  unknownMembers: assumed(
    'refused',
    'members that the model lacks are refused (AWS ignores them): a typo should be seen',
    'choice of the simulator',
  ),
  accountFromKey: assumed(
    'AKIA or ASIA and 12 digits',
    'an access key may carry its account; others belong to 123456789012',
    'choice of the simulator',
  ),
} as const
