import { entriesReadOn } from '../../ledger.ts'

const { documented, reported, assumed } = entriesReadOn('2026-11-21')
const API = 'AWS CloudTrail service model 2013-11-01 in botocore 1.44.5, LookupEvents'
const RECORD = 'AWS CloudTrail User Guide, CloudTrail record contents'

/** Fidelity ledger of simulated CloudTrail. */
export const LEDGER = {
  delaySeconds: documented(
    300,
    'how late calls show: about five minutes on average, which AWS does not promise; older pages say 15 minutes',
    'AWS CloudTrail User Guide, how CloudTrail works',
  ),
  keptDays: documented(90, 'days for which events can be looked up', API),
  pageSize: documented(50, 'events on a page, unless fewer are asked for', API),
  lookupsPerSecond: documented(2, 'lookups a second in an account and region', API),
  attributes: documented(1, 'attributes that one lookup may name', API),
  order: documented(
    'newest first',
    'the latest event comes first',
    'AWS CloudTrail User Guide, viewing events with the AWS CLI',
  ),
  managementEvents: documented(
    'all but log events',
    'reads and writes are events, and refused calls; reading and writing log events are not among the actions of Logs',
    'Logging API calls with AWS CloudTrail in the guides of Amazon ECS, Amazon ECR and CloudWatch Logs',
  ),
  recordFields: documented(
    'as version 1.11',
    'members of a record; those of optional ones that nobody here needs (tlsDetails …) are left out',
    RECORD,
  ),
  responseElements: assumed(
    'null',
    'what a call answered is not kept, though AWS has it for calls that change something',
    'choice of the simulator',
  ),
  resources: reported(
    'ECR alone',
    'a record of ECR names the ARN of the repository, one of ECS and Logs names no resource',
    'example records in the guides of Amazon ECR, Amazon ECS and CloudWatch Logs',
  ),
  lookupResources: assumed(
    'ARN',
    'a resource is looked up by the ARN in its record: the types that AWS lists for lookups are of other services',
    'AWS CloudTrail User Guide, resource types supported by event history',
  ),
  users: assumed(
    'named as their key',
    'an access key belongs to an IAM user of its name, or to a role session that simulated STS began',
    'choice of the simulator',
  ),
  username: documented(
    'user or session',
    'Username of an event: of an IAM user its name; of a role session the session’s name, which is assumed',
    API,
  ),
  undelivered: assumed(
    'no event',
    'a call that a fault lost before it took effect never reached AWS, and leaves no event',
    'choice of the simulator',
  ),
  kept: assumed(
    '100,000',
    'events are made of the newest calls that the simulator remembers',
    'choice of the simulator',
  ),
} as const
