import type { Outputs } from '../../core/plan.ts'
import type { Resolved } from '../../core/output.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'
import type { RepositoryOutput, RepositoryStep } from './state.ts'

/** Makes the one ECR write of `step`. */
export async function applyRepositoryStep(
  step: Resolved<RepositoryStep>,
  { key: name }: Identity,
  { aws: { ecr } }: Scope,
  signal: AbortSignal,
): Promise<Outputs<RepositoryOutput>> {
  switch (step.type) {
    case 'create': {
      const { arn, uri } = await ecr.createRepository(step.repository, signal)
      return { arn, url: uri }
    }
    case 'set-tag-mutability':
      await ecr.putTagMutability(name, step.mutability, signal)
      return {}
    case 'set-scan-on-push':
      await ecr.putScanOnPush(name, step.scanOnPush, signal)
      return {}
    case 'put-lifecycle-policy':
      await ecr.putLifecyclePolicy(name, step.text, signal)
      return {}
    case 'delete-lifecycle-policy':
      await ecr.deleteLifecyclePolicy(name, signal)
      return {}
    case 'set-policy':
      await ecr.setPolicy(name, step.text, signal)
      return {}
    case 'delete-policy':
      await ecr.deletePolicy(name, signal)
      return {}
    case 'tag':
      await ecr.tag(step.arn, step.tags, signal)
      return {}
    case 'untag':
      await ecr.untag(step.arn, step.keys, signal)
      return {}
    case 'delete':
      await ecr.deleteRepository(name, step.force, signal)
      return {}
  }
}
