import { entriesReadOn } from '../../ledger.ts'

const { documented, assumed } = entriesReadOn('2026-11-21')
const API = 'Amazon CloudWatch Logs service model 2014-03-28 in botocore 1.44.5'

/** Fidelity ledger of simulated CloudWatch Logs. */
export const LEDGER = {
  pageSize: documented(
    50,
    'groups or streams on a page unless asked',
    `${API}, DescribeLogGroups and DescribeLogStreams`,
  ),
  namePattern: documented(
    'case-sensitive part',
    'a name pattern is a part of the name, case counts, and the answer has only ARN, creation time and name',
    `${API}, DescribeLogGroups`,
  ),
  eventsLimit: documented(10_000, 'events in one answer unless asked', `${API}, GetLogEvents and FilterLogEvents`),
  retentionDays: documented(
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
    'days that a retention may have',
    `${API}, PutRetentionPolicy`,
  ),
  eventAgeDaysMax: documented(14, 'days after which an event is refused as too old', `${API}, PutLogEvents`),
  eventAheadSecondsMax: documented(7200, 'seconds that an event may lie in the future', `${API}, PutLogEvents`),
  tagsMax: documented(50, 'tags of a log group', `${API}, TagResource`),
  taggingArn: documented(
    'without :*',
    'tagging takes the ARN of a log group without the :* that DescribeLogGroups appends; refusing others is the simulator’s choice',
    `${API}, TagResource`,
  ),
  expiry: assumed(
    'at once',
    'events beyond their retention are invisible at once (documented: deleted within 72 hours)',
    `${API}, PutRetentionPolicy`,
  ),
  filterSyntax: assumed(
    'terms and phrases',
    'filter patterns beyond plain terms and quoted phrases are refused',
    'choice of the simulator',
  ),
} as const
