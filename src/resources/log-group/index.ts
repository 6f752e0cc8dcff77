import { deriveLogGroupName } from '../../core/name.ts'
import { ownershipOf } from '../../core/owner.ts'
import type { Owner } from '../../core/owner.ts'
import type { Drift, Permission, Resource, Scope } from '../../reconciler/resource.ts'
import { applyLogGroupStep } from './apply.ts'
import type { DesiredLogGroup } from './desired.ts'
import { observeLogGroup, type GlancedLogGroup, type ObservedLogGroup } from './observe.ts'
import { planLogGroup, type LogGroupOutput, type LogGroupStep } from './plan.ts'
import { logGroupTrail } from './trail.ts'

const ARN = 'arn:*:logs:*:*:log-group:*'

const permissions: readonly Permission[] = [
  { action: 'logs:DescribeLogGroups', arn: ARN, why: 'see whether the log group of a service exists' },
  { action: 'logs:ListTagsForResource', arn: ARN, why: 'see whose the log group is' },
  { action: 'logs:CreateLogGroup', arn: ARN, why: 'make the log group of a service' },
  { action: 'logs:TagResource', arn: ARN, why: 'mark a log group as ours when it is made or taken over' },
  { action: 'logs:PutRetentionPolicy', arn: ARN, why: 'set how long log events are kept' },
  { action: 'logs:UntagResource', arn: ARN, why: 'release a log group that is kept' },
  { action: 'logs:DeleteLogGroup', arn: ARN, why: 'delete the log group of a service that asks for it' },
]

const drifts: readonly Drift[] = [
  {
    fact: 'the retention of the log group was changed by hand',
    foundBy: 'sweep',
    inject: (key, { aws }, signal) => aws.logs.putRetention(key, 1, signal),
  },
  {
    fact: 'the log group was deleted by hand',
    foundBy: 'sweep',
    inject: (key, { aws }, signal) => aws.logs.deleteLogGroup(key, signal),
  },
]

/** A log group that our tasks write to: recreated when it is gone, kept when its object is deleted unless told otherwise. */
export const logGroupResource: Resource<
  DesiredLogGroup,
  ObservedLogGroup | GlancedLogGroup,
  LogGroupStep,
  LogGroupOutput
> = {
  type: 'log-group',
  identify: ({ logGroupName }) => logGroupName,
  observe: observeLogGroup,
  recall: ({ logGroupName }) => ({ name: logGroupName }),
  plan: planLogGroup,
  apply: applyLogGroupStep,
  calls: {
    create: 'logs:CreateLogGroup',
    'set-retention': 'logs:PutRetentionPolicy',
    adopt: 'logs:TagResource',
    release: 'logs:UntagResource',
    delete: 'logs:DeleteLogGroup',
  },
  trail: logGroupTrail,
  findOwned: findOwnedLogGroups,
  // A group that the spec no longer needs leaves the composition: then only its tags tell of it.
  keysVary: true,
  holdsData: true,
  permissions,
  drifts,
}

/** Only names that are derived from the owner are ever made, so no other has to be looked at. */
async function findOwnedLogGroups(owner: Owner, { aws }: Scope, signal: AbortSignal): Promise<readonly string[]> {
  const groups = await aws.logs.listLogGroups(deriveLogGroupName(owner.namespace, owner.name), signal)
  const tags = await Promise.all(groups.map(({ arn }) => aws.logs.readTags(arn, signal)))
  return groups.filter((_, index) => ownershipOf(tags[index] ?? {}, owner) === 'ours').map(({ name }) => name)
}
