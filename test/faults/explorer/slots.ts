import { kinds } from '../../../src/app/kinds.ts'
import type { ResourceType } from '../../../src/kube/cluster.ts'
import { resourceTypeOf } from '../../../src/reconciler/api.ts'
import type { AnyKind } from '../../../src/reconciler/kind.ts'

/**
 * The objects that a history is about. Services 0, 2 and 3 live in the same cluster; r2 wants the repository of r0, and s3
 * the service of s0.
 */
export const SLOTS = ['r0', 'r1', 'r2', 'c0', 'c1', 's0', 's1', 's2', 's3'] as const
export type Slot = (typeof SLOTS)[number]

export const NAMESPACE = 'demo'
/** Whose credentials the operator has for a while. */
export const OTHER_ACCOUNT = '210987654321'
/** Stands in the environment of every container and nowhere else. */
export const SECRET = 'marker-of-a-secret-value'
/** An image that cannot be pulled. */
export const BAD_IMAGE = 'app:bad'

/** What users decide about an object; each kind reads what concerns it. */
export interface Wishes {
  readonly image: string
  readonly count: number
  readonly team: string
  /** One more tag, which comes and goes. */
  readonly hasExtraTag: boolean
  readonly isMutable: boolean
  readonly hasLifecycle: boolean
  readonly hasInsights: boolean
  readonly cluster: string
  readonly logs: boolean
}

const HOMES: Readonly<Partial<Record<Slot, string>>> = { s0: 'c0', s1: 'c1', s2: 'c0', s3: 'c0' }
/** Whose AWS object a slot wants, where it is not its own. */
const RIVALS: Readonly<Partial<Record<Slot, Slot>>> = { r2: 'r0', s3: 's0' }

export function firstWishes(slot: Slot): Wishes {
  return {
    image: 'app:v1',
    count: 1,
    team: 'blue',
    hasExtraTag: false,
    isMutable: false,
    hasLifecycle: true,
    hasInsights: false,
    cluster: HOMES[slot] ?? '',
    logs: true,
  }
}

function kindOf(slot: Slot): AnyKind {
  const name = { r: 'EcrRepository', c: 'EcsCluster', s: 'EcsService' }[slot.charAt(0)]
  const kind = kinds.find((candidate) => candidate.kind === name)
  if (kind === undefined) throw new Error(`no kind for ${slot}`)
  return kind
}

export function typeOf(slot: Slot): ResourceType {
  return resourceTypeOf(kindOf(slot))
}

/** Name of the task definitions of a service, which no rival takes from it. */
export function familyName(slot: Slot): string {
  return `${NAMESPACE}_${slot}`
}

/** Name of the AWS object: what the operator derives from namespace and name, or what the spec says. */
export function awsName(slot: Slot): string {
  const name = RIVALS[slot] ?? slot
  return slot.startsWith('r') ? `${NAMESPACE}/${name}` : `${NAMESPACE}_${name}`
}

export function logGroupName(slot: Slot): string {
  return `/longshore/${NAMESPACE}/${slot}`
}

/** Tags as the wishes have them. */
export function tagsOf({ team, hasExtraTag }: Wishes): Readonly<Record<string, string>> {
  return { team, ...(hasExtraTag && { extra: 'yes' }) }
}

export function specOf(slot: Slot, wishes: Wishes): object {
  const tags = Object.entries(tagsOf(wishes)).map(([key, value]) => ({ key, value }))
  const isRival = RIVALS[slot] !== undefined
  if (slot.startsWith('r')) {
    return { ...repositorySpec(wishes), ...(isRival && { repositoryName: awsName(slot) }), tags }
  }
  if (slot.startsWith('c')) {
    return { settings: [{ name: 'containerInsights', value: wishes.hasInsights ? 'enabled' : 'disabled' }], tags }
  }
  return { ...serviceSpec(wishes), ...(isRival && { serviceName: awsName(slot) }), tags }
}

function repositorySpec({ isMutable, hasLifecycle }: Wishes): object {
  const rule = {
    rulePriority: 1,
    selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
    action: { type: 'expire' },
  }
  return {
    imageTagMutability: isMutable ? 'MUTABLE' : 'IMMUTABLE',
    ...(hasLifecycle && { lifecyclePolicy: { rules: [rule] } }),
  }
}

function serviceSpec({ image, count, cluster, logs }: Wishes): object {
  const container = {
    name: 'app',
    image,
    portMappings: [{ containerPort: 80 }],
    environment: [{ name: 'TOKEN', value: SECRET }],
    ...(logs && { logConfiguration: { logDriver: 'awslogs' } }),
  }
  return {
    clusterRef: { name: cluster },
    launchType: 'FARGATE',
    desiredCount: count,
    taskDefinition: {
      cpu: '256',
      memory: '512',
      executionRoleArn: 'arn:aws:iam::123456789012:role/ecs-execution',
      containerDefinitions: [container],
    },
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'] } },
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  }
}
