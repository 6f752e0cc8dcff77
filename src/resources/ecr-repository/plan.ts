import { isDeepStrictEqual } from 'node:util'
import type { Encryption, Repository, TagMutability } from '../../aws/ecr.ts'
import { adoptionTags, ownTagKeys, tagDifference, type TagMemory } from '../../core/managed-tags.ts'
import { type Block, emptyPlan, type Memo, type Plan, type PlanInput, type Removal } from '../../core/plan.ts'
import { canonicalLifecyclePolicy, canonicalPolicy, isJsonObject } from './policy-document.ts'
import type {
  DesiredPolicy,
  DesiredRepository,
  GlancedRepository,
  ObservedRepository,
  RepositoryOutput,
  RepositoryStep,
} from './state.ts'

export type RepositoryPlan = Plan<RepositoryStep, RepositoryOutput>
type Input = Pick<
  PlanInput<DesiredRepository, ObservedRepository | GlancedRepository>,
  'goal' | 'observed' | 'memo' | 'isUnsure'
>

// Images go when somebody deletes them or a lifecycle rule expires them: neither is a matter of seconds.
const NOT_EMPTY_POLL_SECONDS = 30

/** Decides the writes that bring a repository to its goal. */
export function planRepository({ goal, observed: [current], memo, isUnsure = false }: Input): RepositoryPlan {
  if (current?.isGlance) return planGlanced(goal, current, memo)
  if (goal.type === 'absent') return current ? planRemoval(goal.removal, current) : emptyPlan
  const blocks = policyBlocks(goal.desired)
  if (!current) return { ...emptyPlan, ...planCreation(goal.desired), blocks }

  const tags = planTags(goal.desired, current, { memo, isUnsure })
  return {
    ...emptyPlan,
    steps: [
      ...adoptionSteps(goal.desired, current),
      ...settingSteps(goal.desired, current),
      ...policySteps(goal.desired, current),
      ...tags.steps,
    ],
    blocks: [...blocks, ...encryptionBlocks(goal.desired.encryption, current.encryption)],
    outputs: { arn: current.arn, url: current.uri },
    memo: tags.memo,
  }
}

/** What the settings alone show. */
function planGlanced(goal: Input['goal'], current: GlancedRepository, memo: Memo): RepositoryPlan {
  if (goal.type === 'absent') return { ...emptyPlan, memo }
  return {
    ...emptyPlan,
    steps: settingSteps(goal.desired, current),
    blocks: encryptionBlocks(goal.desired.encryption, current.encryption),
    outputs: { arn: current.arn, url: current.uri },
    memo,
  }
}

function planRemoval(removal: Removal, current: ObservedRepository): RepositoryPlan {
  const { repositoryName, arn } = current
  if (removal.policy === 'Retain') {
    const keys = ownTagKeys(current.tags)
    const summary = `release ECR repository ${repositoryName}`
    return { ...emptyPlan, steps: keys.length === 0 ? [] : [{ type: 'untag', effect: 'change', summary, arn, keys }] }
  }
  if (current.hasImages === true && !removal.force) {
    const message = `ECR repository ${repositoryName} still holds images; delete them, or set spec.forceDelete to true`
    return { ...emptyPlan, waits: [{ reason: 'NotEmpty', message, pollSeconds: NOT_EMPTY_POLL_SECONDS }] }
  }
  const summary = `delete ECR repository ${repositoryName}`
  return { ...emptyPlan, steps: [{ type: 'delete', effect: 'delete', summary, force: removal.force }] }
}

function planCreation(desired: DesiredRepository): Pick<RepositoryPlan, 'steps' | 'memo'> {
  const { repositoryName, mutability, scanOnPush, encryption } = desired
  const summary = `create ECR repository ${repositoryName}`
  const repository = {
    repositoryName,
    tags: { ...desired.tags.wanted, ...desired.tags.owner },
    mutability,
    scanOnPush,
    encryption,
  }
  return {
    steps: [{ type: 'create', effect: 'create', summary, repository }, ...policySteps(desired, undefined)],
    memo: tagDifference(desired.tags, {}, { memo: {} }).memo,
  }
}

function settingSteps(desired: DesiredRepository, current: Repository): RepositoryStep[] {
  const { mutability, scanOnPush } = desired
  const steps: RepositoryStep[] = []
  if (mutability && !isSameMutability(mutability, current)) {
    const summary = `set image tag mutability to ${mutability.imageTagMutability}`
    steps.push({ type: 'set-tag-mutability', effect: 'change', summary, mutability })
  }
  if (scanOnPush !== undefined && scanOnPush !== current.scanOnPush) {
    const summary = `switch scanning on push ${scanOnPush ? 'on' : 'off'}`
    steps.push({ type: 'set-scan-on-push', effect: 'change', summary, scanOnPush })
  }
  return steps
}

function policySteps(desired: DesiredRepository, current: ObservedRepository | undefined): RepositoryStep[] {
  const { lifecyclePolicy, policy } = desired
  const lifecycleText = changedText(lifecyclePolicy, current?.lifecyclePolicyText, canonicalLifecyclePolicy)
  const policyText = changedText(policy, current?.policyText, canonicalPolicy)
  return [
    ...lifecyclePolicySteps(lifecycleText).map((step) => carrying(step, lifecyclePolicy)),
    ...repositoryPolicySteps(policyText).map((step) => carrying(step, policy)),
  ]
}

function carrying(step: RepositoryStep, policy: DesiredPolicy | undefined): RepositoryStep {
  return policy === undefined ? step : { ...step, carries: [policy.field] }
}

function lifecyclePolicySteps(text: string | undefined): RepositoryStep[] {
  if (text === undefined) return []
  if (text === '') return [{ type: 'delete-lifecycle-policy', effect: 'change', summary: 'delete lifecycle policy' }]
  return [{ type: 'put-lifecycle-policy', effect: 'change', summary: 'put lifecycle policy', text }]
}

function repositoryPolicySteps(text: string | undefined): RepositoryStep[] {
  if (text === undefined) return []
  if (text === '') return [{ type: 'delete-policy', effect: 'change', summary: 'delete repository policy' }]
  return [{ type: 'set-policy', effect: 'change', summary: 'set repository policy', text }]
}

type Canonical = (text: string) => string | undefined

/** The text to write, empty to delete; undefined: nothing to change, or nothing that ECR could take. */
function changedText(desired: DesiredPolicy | undefined, current: string | undefined, canonical: Canonical) {
  if (!desired) return undefined
  if (desired.text === '') return current === undefined ? undefined : ''
  // Most often ECR keeps what it was given, to the letter: then nobody has to take it apart.
  if (desired.text === current) return undefined
  const wanted = canonical(desired.text)
  if (wanted === undefined) return undefined
  return current !== undefined && canonical(current) === wanted ? undefined : desired.text
}

function policyBlocks({ lifecyclePolicy, policy }: DesiredRepository): Block[] {
  return [lifecyclePolicy, policy].flatMap((desired) => {
    if (!desired || desired.text === '' || isJsonObject(desired.text)) return []
    return [{ reason: 'InvalidSpec', message: `${desired.field} is not a JSON object`, field: desired.field }]
  })
}

function adoptionSteps(
  desired: DesiredRepository,
  { arn, tags, repositoryName }: ObservedRepository,
): RepositoryStep[] {
  const missing = adoptionTags(desired.tags, tags)
  if (Object.keys(missing).length === 0) return []
  const summary = `take over ECR repository ${repositoryName}`
  return [{ type: 'tag', effect: 'change', summary, adopts: true, arn, tags: missing }]
}

/** Beside the ownership tags, which an adoption sets first. */
function planTags(desired: DesiredRepository, { arn, tags }: ObservedRepository, before: TagMemory) {
  const { set, remove, memo } = tagDifference(desired.tags, { ...tags, ...desired.tags.owner }, before)
  const steps: RepositoryStep[] = []
  if (Object.keys(set).length > 0) {
    steps.push({ type: 'tag', effect: 'change', summary: `set tags ${Object.keys(set).join(', ')}`, arn, tags: set })
  }
  if (remove.length > 0) {
    steps.push({ type: 'untag', effect: 'change', summary: `remove tags ${remove.join(', ')}`, arn, keys: remove })
  }
  return { steps, memo }
}

// ECR cannot encrypt anew in place, and a replacement would lose the images.
function encryptionBlocks(desired: Encryption | undefined, current: Encryption): Block[] {
  if (!desired) return []
  if (desired.encryptionType !== current.encryptionType) return [immutable('encryptionType', current.encryptionType)]
  return isSameKey(desired.kmsKey, current.kmsKey) ? [] : [immutable('kmsKey', current.kmsKey ?? 'none')]
}

function immutable(member: string, current: string): Block {
  const field = `spec.encryptionConfiguration.${member}`
  const message = `${field} cannot change, the repository was created with ${current}: set it back, or create another repository`
  return { reason: 'ImmutableField', message, field }
}

function isSameKey(desired: string | undefined, current: string | undefined): boolean {
  // Which key an alias stands for only KMS can say; that the spec keeps naming it is checked by the API server.
  if (desired === undefined || desired.includes('alias/')) return true
  return current === desired || (current?.endsWith(`:key/${desired}`) ?? false)
}

function isSameMutability(desired: TagMutability, current: TagMutability): boolean {
  return (
    desired.imageTagMutability === current.imageTagMutability &&
    isDeepStrictEqual(desired.exclusionFilters.toSorted(), current.exclusionFilters.toSorted())
  )
}
