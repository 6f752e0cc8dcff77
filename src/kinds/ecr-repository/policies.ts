import type { DesiredPolicy } from '../../resources/ecr-repository/state.ts'
import type { EcrRepositorySpec } from './schema.ts'

// "Amazon ECR repository policy statements" in the ECR user guide: what pulling and pushing need.
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const PUSH = [...PULL, 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart']

/** The lifecycle policy that the spec asks for; undefined: not managed. */
export function lifecyclePolicyFrom({
  lifecyclePolicy,
  lifecyclePolicyText,
}: EcrRepositorySpec): DesiredPolicy | undefined {
  if (lifecyclePolicyText !== undefined) return { text: lifecyclePolicyText, field: 'spec.lifecyclePolicyText' }
  if (lifecyclePolicy === undefined) return undefined
  const rules = lifecyclePolicy.rules.toSorted((a, b) => a.rulePriority - b.rulePriority)
  return { text: rules.length === 0 ? '' : JSON.stringify({ rules }), field: 'spec.lifecyclePolicy' }
}

/** The repository policy that the spec asks for; undefined: not managed. */
export function repositoryPolicyFrom(spec: EcrRepositorySpec): DesiredPolicy | undefined {
  if (spec.policyText !== undefined) return { text: spec.policyText, field: 'spec.policyText' }
  if (spec.pullPrincipals === undefined && spec.pushPrincipals === undefined) return undefined
  const statements = [
    ...statementsFor('Pull', PULL, spec.pullPrincipals ?? []),
    ...statementsFor('Push', PUSH, spec.pushPrincipals ?? []),
  ]
  const text = statements.length === 0 ? '' : JSON.stringify({ Version: '2012-10-17', Statement: statements })
  return { text, field: 'spec.pullPrincipals' }
}

function statementsFor(verb: string, actions: readonly string[], principals: readonly string[]): readonly object[] {
  if (principals.length === 0) return []
  const services = principals.filter(isService)
  const others = principals.filter((principal) => !isService(principal))
  const principal = {
    ...(others.length > 0 && { AWS: others.toSorted() }),
    ...(services.length > 0 && { Service: services.toSorted() }),
  }
  return [{ Sid: `Longshore${verb}`, Effect: 'Allow', Principal: principal, Action: actions }]
}

function isService(principal: string): boolean {
  return /\.amazonaws\.com(\.cn)?$/.test(principal) && !principal.startsWith('arn:')
}
