import type { Outputs } from '../../core/plan.ts'
import type { Resolved } from '../../core/output.ts'
import { ownershipTags } from '../../core/owner.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'
import type { LogGroupOutput, LogGroupStep } from './plan.ts'

/** Takes one step. Throws `Failure`. */
export async function applyLogGroupStep(
  step: Resolved<LogGroupStep>,
  { owner, key }: Identity,
  { aws: { logs } }: Scope,
  signal: AbortSignal,
): Promise<Outputs<LogGroupOutput>> {
  switch (step.type) {
    case 'create':
      await logs.createLogGroup({ ...step.group, tags: { ...step.group.tags, ...ownershipTags(owner) } }, signal)
      return { name: key }
    case 'adopt':
      await logs.tag(step.arn, ownershipTags(owner), signal)
      return {}
    case 'set-retention':
      await logs.putRetention(step.name, step.retentionInDays, signal)
      return {}
    case 'release':
      await logs.untag(step.arn, Object.keys(ownershipTags(owner)), signal)
      return {}
    case 'delete':
      await logs.deleteLogGroup(step.name, signal)
      return {}
    default:
      return unreachable(step)
  }
}
