import type { Resolved } from '../../core/output.ts'
import { ownershipTags } from '../../core/owner.ts'
import type { Outputs } from '../../core/plan.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'
import { revisionHash } from './content.ts'
import { HASH_TAG } from './observe.ts'
import type { TaskDefinitionOutput, TaskDefinitionStep } from './plan.ts'

/** Takes one step. Throws `Failure`. */
export async function applyTaskDefinitionStep(
  step: Resolved<TaskDefinitionStep>,
  { owner }: Identity,
  { aws: { ecsTaskDefinitions } }: Scope,
  signal: AbortSignal,
): Promise<Outputs<TaskDefinitionOutput>> {
  switch (step.type) {
    case 'register': {
      const { family, content } = step
      const contentHash = revisionHash(content)
      const tags = { ...step.tags, ...ownershipTags(owner), [HASH_TAG]: contentHash }
      const arn = await ecsTaskDefinitions.register({ family, content, tags, digest: contentHash }, signal)
      return { arn, contentHash }
    }
    case 'adopt': {
      const { contentHash } = step
      await ecsTaskDefinitions.tag(step.arn, { ...ownershipTags(owner), [HASH_TAG]: contentHash }, signal)
      return { arn: step.arn, contentHash }
    }
    case 'deregister':
      await ecsTaskDefinitions.deregister(step.arn, signal)
      return {}
    case 'release':
      await ecsTaskDefinitions.untag(step.arn, [...Object.keys(ownershipTags(owner)), HASH_TAG], signal)
      return {}
    default:
      return unreachable(step)
  }
}
