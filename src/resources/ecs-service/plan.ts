import type { ServiceSettings } from '../../aws/ecs-service-state.ts'
import { tagDifference, type TagMemory } from '../../core/managed-tags.ts'
import { outputsIn } from '../../core/output.ts'
import type { Tags } from '../../core/owner.ts'
import {
  emptyPlan,
  type Block,
  type Plan,
  type PlanInput,
  type Removal,
  type Step,
  type Wait,
} from '../../core/plan.ts'
import type { DesiredService, DesiredTemplate } from './desired.ts'
import { differs, overlaid } from './difference.ts'
import { memoFrom, serviceMemoFrom } from './memo.ts'
import type { ObservedService } from './observe.ts'
import { progressWaits } from './progress.ts'
import { decideRollout, nameOf, type RolloutDecision } from './rollout.ts'

export type ServiceStep =
  | (Step & {
      readonly type: 'create'
      readonly effect: 'create'
      readonly service: DesiredService
      /** The incarnation that this one replaces; part of the idempotency token. */
      readonly replaces: string
    })
  | (Step & { readonly type: 'scale'; readonly desiredCount: number })
  | (Step & { readonly type: 'configure'; readonly settings: ServiceSettings })
  | (Step & { readonly type: 'roll-out'; readonly template: DesiredTemplate; readonly isForced: boolean })
  | (Step & { readonly type: 'adopt'; readonly adopts: true; readonly arn: string })
  | (Step & { readonly type: 'tag'; readonly arn: string; readonly tags: Tags })
  | (Step & { readonly type: 'untag'; readonly arn: string; readonly keys: readonly string[] })
  | (Step & { readonly type: 'release'; readonly arn: string })
  | (Step & { readonly type: 'delete' })

export type ServiceOutput = 'arn'

type ServicePlan = Plan<ServiceStep, ServiceOutput>
type Input = PlanInput<DesiredService, ObservedService>

/** Decides about one service. An INACTIVE one is a tombstone: as good as absent, but the next one must not be mistaken for it. */
export function planService(input: Input): ServicePlan {
  const { goal, observed } = input
  const service = observed.find(({ status }) => status !== 'INACTIVE')
  if (goal.type === 'absent') return planRemoval(input, goal.removal, service)
  if (service === undefined) return planNew(input, goal.desired)
  if (service.status === 'DRAINING') return { ...emptyPlan, waits: [draining(service)], memo: input.memo }
  return planUpdate(input, goal.desired, service)
}

function planNew(input: Input, desired: DesiredService): ServicePlan {
  // What the spec names itself is tried, so that the field is refused by its name.
  if (input.isHomeless !== true || desired.clusterField !== undefined) return planCreation(input, desired)
  return { ...emptyPlan, waits: [missingCluster(desired)], memo: input.memo }
}

/** The object that the spec refers to may be paused, or not have noticed yet: it still tells the ARN of its cluster. */
function missingCluster({ cluster }: DesiredService): Wait {
  return {
    reason: 'WaitingForReference',
    message: `spec.clusterRef: ECS has no cluster ${cluster} now`,
    pollSeconds: 5,
  }
}

function planCreation({ memo, observed }: Input, desired: DesiredService): ServicePlan {
  const { incarnation } = serviceMemoFrom(memo)
  const { tagKeys } = serviceMemoFrom(tagDifference({ owner: {}, wanted: desired.tags }, {}, { memo: {} }).memo)
  const replaces = observed[0]?.createdAt ?? incarnation ?? ''
  const summary = `create service ${desired.name} in cluster ${desired.cluster}`
  return {
    ...emptyPlan,
    steps: [{ type: 'create', effect: 'create', summary, service: desired, replaces }],
    // A new incarnation has no past: what failed before may be tried.
    memo: memoFrom({ incarnation, tagKeys }),
  }
}

function planUpdate(input: Input, desired: DesiredService, service: ObservedService): ServicePlan {
  const rollout = decideTemplate(input, desired, service)
  const tags = planTags(desired, service, input)
  return {
    // The count comes first and alone: a service that was rolled back, or waits for its template, still scales.
    steps: [
      ...adoptionSteps(service),
      ...scaleSteps(desired, service),
      ...settingsSteps(desired, service),
      ...tags.steps,
      ...rolloutSteps(desired, rollout),
    ],
    waits: rollout.waits,
    blocks: [...launchTypeBlocks(desired, service), ...rollout.blocks],
    outputs: { arn: service.arn },
    memo: memoFrom({ ...rollout.memo, incarnation: service.createdAt, tagKeys: tags.tagKeys }),
  }
}

function decideTemplate(input: Input, desired: DesiredService, service: ObservedService): RolloutDecision {
  const { template, revisionHash } = desired
  const memo = serviceMemoFrom(input.memo)
  // Nobody knows yet which revision is wanted; the step is held until somebody does.
  if (outputsIn({ template, revisionHash }).length > 0)
    return { start: 'change', waits: progressWaits(service), blocks: [], memo }
  return decideRollout({ template, revisionHash, service, memo, requests: input.requests, now: input.now })
}

function scaleSteps({ desiredCount }: DesiredService, service: ObservedService): readonly ServiceStep[] {
  if (desiredCount === undefined || desiredCount === service.desiredCount) return []
  const summary = `scale from ${service.desiredCount} to ${desiredCount} tasks`
  return [{ type: 'scale', effect: 'change', summary, desiredCount }]
}

/** Only what differs is sent, whole and over what AWS has, so that what is not managed keeps its value. */
function settingsSteps({ settings }: DesiredService, service: ObservedService): readonly ServiceStep[] {
  const changed = Object.entries(overlaid(service.settings, settings)).filter(([key]) =>
    differs(member(settings, key), member(service.settings, key)),
  )
  if (changed.length === 0) return []
  const summary = `change ${changed.map(([key]) => key).join(', ')}`
  return [{ type: 'configure', effect: 'change', summary, settings: Object.fromEntries(changed) }]
}

function member(settings: ServiceSettings, key: string): unknown {
  return Object.entries(settings).find(([name]) => name === key)?.[1]
}

interface TagPlan {
  readonly steps: readonly ServiceStep[]
  readonly tagKeys: readonly string[] | undefined
}

function adoptionSteps({ isOurs, arn, name }: ObservedService): readonly ServiceStep[] {
  if (isOurs) return []
  return [{ type: 'adopt', effect: 'change', summary: `take over service ${name}`, adopts: true, arn }]
}

/** Beside the ownership tags: they are there, or set first, by an adoption. */
function planTags(desired: DesiredService, { arn, tags }: ObservedService, before: TagMemory): TagPlan {
  const { set, remove, memo } = tagDifference({ owner: {}, wanted: desired.tags }, tags, before)
  const keys = Object.keys(set)
  const steps: ServiceStep[] = []
  if (keys.length > 0) {
    steps.push({ type: 'tag', effect: 'change', summary: `set tags ${keys.join(', ')}`, arn, tags: set })
  }
  if (remove.length > 0) {
    steps.push({ type: 'untag', effect: 'change', summary: `remove tags ${remove.join(', ')}`, arn, keys: remove })
  }
  return { steps, tagKeys: serviceMemoFrom(memo).tagKeys }
}

function rolloutSteps({ template }: DesiredService, { start }: RolloutDecision): readonly ServiceStep[] {
  if (start === 'no') return []
  const { taskDefinition } = template
  const what = typeof taskDefinition === 'string' ? nameOf(taskDefinition) : 'the new task definition'
  const summary = start === 'force' ? `roll out ${what} once more` : `roll out ${what}`
  return [{ type: 'roll-out', effect: 'change', summary, template, isForced: start === 'force' }]
}

function launchTypeBlocks({ launchType }: DesiredService, service: ObservedService): readonly Block[] {
  if (launchType === undefined || service.launchType === undefined || launchType === service.launchType) return []
  const message = `The service was created with launch type ${service.launchType}, which ECS cannot change; delete it and let it be made again`
  return [{ reason: 'ImmutableField', message, field: 'spec.launchType' }]
}

function planRemoval({ memo }: Input, { policy }: Removal, service: ObservedService | undefined): ServicePlan {
  if (!service?.isOurs) return { ...emptyPlan, memo }
  if (service.status === 'DRAINING') return { ...emptyPlan, waits: [draining(service)], memo }
  if (policy === 'Retain') {
    const summary = `release service ${service.name}, which keeps running`
    return { ...emptyPlan, steps: [{ type: 'release', effect: 'change', summary, arn: service.arn }], memo }
  }
  const summary = `delete service ${service.name} with its ${service.runningCount} tasks`
  return { ...emptyPlan, steps: [{ type: 'delete', effect: 'delete', summary }], memo }
}

function draining({ name, runningCount }: ObservedService) {
  const message = `Service ${name} is being deleted; ${runningCount} tasks still have to stop`
  return { reason: 'Draining', message, pollSeconds: 5 } as const
}
