import { entriesReadOn } from '../../ledger.ts'

const { documented, assumed } = entriesReadOn('2026-11-21')

/** Fidelity ledger of simulated STS. */
export const LEDGER = {
  sessionSeconds: documented(
    3600,
    'how long a role session lasts unless asked',
    'AWS STS service model 2011-06-15 in botocore 1.44.5, AssumeRole',
  ),
  trust: assumed(
    'everybody',
    'every role exists and trusts every caller: IAM is not simulated',
    'choice of the simulator',
  ),
} as const
