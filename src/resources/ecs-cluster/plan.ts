import type { ClusterChange } from '../../aws/ecs-cluster.ts'
import { adoptionTags, ownTagKeys, tagDifference, type TagMemory } from '../../core/managed-tags.ts'
import { type Block, emptyPlan, type Plan, type PlanInput, type Removal, type Wait } from '../../core/plan.ts'
import { capacityChange, capacityFrom } from './capacity.ts'
import { covers, overlay } from './overlay.ts'
import { hasNamespace, NAMESPACE_TAG, namespaceTagValue } from './service-connect.ts'
import type { ClusterOutput, ClusterStep, DesiredCluster, ObservedCluster } from './state.ts'

export type ClusterPlan = Plan<ClusterStep, ClusterOutput>
type Input = Pick<PlanInput<DesiredCluster, ObservedCluster>, 'goal' | 'observed' | 'memo' | 'isUnsure'>

const BUSY_POLL_SECONDS = 5
// Services and tasks of others: they leave when their owners say so.
const IN_USE_POLL_SECONDS = 15

/** Decides the writes that bring a cluster to its goal. */
export function planCluster({ goal, observed: [current], memo, isUnsure = false }: Input): ClusterPlan {
  if (goal.type === 'absent') return current ? planRemoval(goal.removal, current) : emptyPlan
  if (!current) return planCreation(goal.desired)

  const outputs = { arn: current.arn, name: current.clusterName }
  const unready = transitionWaits(current)
  if (unready.length > 0) return { ...emptyPlan, waits: unready, outputs, memo }

  const capacity = planCapacity(goal.desired, current)
  const tags = planTags(goal.desired, current, { memo, isUnsure })
  return {
    steps: [
      ...adoptionSteps(goal.desired, current),
      ...updateSteps(goal.desired, current),
      ...capacity.steps,
      ...tags.steps,
    ],
    waits: capacity.waits,
    blocks: [...capacity.blocks, ...statusBlocks(current)],
    outputs,
    memo: tags.memo,
  }
}

function planRemoval(removal: Removal, current: ObservedCluster): ClusterPlan {
  const { clusterName, arn } = current
  if (removal.policy === 'Retain') {
    const keys = ownTagKeys(current.tags)
    const summary = `release ECS cluster ${clusterName}`
    return { ...emptyPlan, steps: keys.length === 0 ? [] : [{ type: 'untag', effect: 'change', summary, arn, keys }] }
  }
  const waits = [...transitionWaits(current), ...attachmentWaits(current), ...useWaits(current)]
  if (waits.length > 0) return { ...emptyPlan, waits }
  return { ...emptyPlan, steps: [{ type: 'delete', effect: 'delete', summary: `delete ECS cluster ${clusterName}` }] }
}

function planCreation(desired: DesiredCluster): ClusterPlan {
  const { clusterName, containerInsights, configuration, serviceConnectNamespace } = desired
  const { owner, wanted } = tagGoal(desired)
  const cluster = {
    clusterName,
    tags: { ...wanted, ...owner },
    containerInsights,
    configuration,
    // The empty string means none, which a new cluster has anyway.
    serviceConnectNamespace: serviceConnectNamespace || undefined,
    capacity: newCapacity(desired),
  }
  const summary = `create ECS cluster ${clusterName}`
  const { memo } = tagDifference(desired.tags, {}, { memo: {} })
  return {
    ...emptyPlan,
    steps: [{ type: 'create', effect: 'create', summary, cluster, carries: fieldsIn(desired) }],
    memo,
  }
}

function newCapacity(desired: DesiredCluster) {
  if (!desired.capacityProviders && !desired.defaultCapacityProviderStrategy) return undefined
  return capacityFrom(desired, { capacityProviders: [], defaultCapacityProviderStrategy: [] })
}

/** Where the spec says what is sent, when it is sent at all. */
const FIELDS = {
  containerInsights: 'spec.settings',
  configuration: 'spec.configuration',
  serviceConnectNamespace: 'spec.serviceConnectDefaults',
  capacityProviders: 'spec.capacityProviders',
  defaultCapacityProviderStrategy: 'spec.defaultCapacityProviderStrategy',
} as const

function fieldsIn(sent: Partial<Record<keyof typeof FIELDS, unknown>>): readonly string[] {
  return Object.entries(FIELDS).flatMap(([member, field]) => (Reflect.get(sent, member) === undefined ? [] : [field]))
}

function updateSteps(desired: DesiredCluster, current: ObservedCluster): ClusterStep[] {
  const { containerInsights, configuration } = desired
  const change: ClusterChange = {
    ...(containerInsights && containerInsights !== current.containerInsights && { containerInsights }),
    ...(configuration &&
      !covers(current.configuration, configuration) && {
        configuration: overlay(current.configuration, configuration),
      }),
    ...(!hasNamespace(desired, current) && { serviceConnectNamespace: desired.serviceConnectNamespace }),
  }
  const changed = Object.keys(change)
  if (changed.length === 0) return []
  const summary = `update ${changed.join(', ')} of the cluster`
  return [{ type: 'update', effect: 'change', summary, change, carries: fieldsIn(change) }]
}

function planCapacity(
  desired: DesiredCluster,
  current: ObservedCluster,
): Pick<ClusterPlan, 'steps' | 'waits' | 'blocks'> {
  const busy = attachmentWaits(current)
  if (busy.length > 0) return { steps: [], waits: busy, blocks: [] }
  const capacity = capacityChange(desired, current)
  if (!capacity) return { steps: [], waits: [], blocks: attachmentBlocks(current) }
  const summary = `set capacity providers ${capacity.capacityProviders.join(', ') || '(none)'}`
  const carries = fieldsIn(capacity)
  return { steps: [{ type: 'put-capacity', effect: 'change', summary, capacity, carries }], waits: [], blocks: [] }
}

function adoptionSteps(desired: DesiredCluster, { arn, tags, clusterName }: ObservedCluster): ClusterStep[] {
  const missing = adoptionTags(desired.tags, tags)
  if (Object.keys(missing).length === 0) return []
  const summary = `take over ECS cluster ${clusterName}`
  return [{ type: 'tag', effect: 'change', summary, adopts: true, arn, tags: missing }]
}

/** Beside the ownership tags, which an adoption sets first. */
function planTags(desired: DesiredCluster, { arn, tags }: ObservedCluster, before: TagMemory) {
  const { set, remove, memo } = tagDifference(tagGoal(desired), { ...tags, ...desired.tags.owner }, before)
  const stale = namespaceTagValue(desired) === undefined && NAMESPACE_TAG in tags ? [NAMESPACE_TAG] : []
  const keys = [...remove, ...stale]
  const steps: ClusterStep[] = []
  if (Object.keys(set).length > 0) {
    steps.push({ type: 'tag', effect: 'change', summary: `set tags ${Object.keys(set).join(', ')}`, arn, tags: set })
  }
  if (keys.length > 0) {
    steps.push({ type: 'untag', effect: 'change', summary: `remove tags ${keys.join(', ')}`, arn, keys })
  }
  return { steps, memo }
}

function tagGoal(desired: DesiredCluster): DesiredCluster['tags'] {
  const namespace = namespaceTagValue(desired)
  if (namespace === undefined) return desired.tags
  return { ...desired.tags, owner: { ...desired.tags.owner, [NAMESPACE_TAG]: namespace } }
}

// Statuses of a cluster whose capacity providers are being set up or taken down: ECS refuses changes meanwhile.
function transitionWaits({ clusterName, status }: ObservedCluster): Wait[] {
  switch (status) {
    case 'PROVISIONING':
      return [
        { reason: 'Creating', message: `ECS is setting up cluster ${clusterName}`, pollSeconds: BUSY_POLL_SECONDS },
      ]
    case 'DEPROVISIONING':
      return [
        { reason: 'Deleting', message: `ECS is taking down cluster ${clusterName}`, pollSeconds: BUSY_POLL_SECONDS },
      ]
    default:
      return []
  }
}

function attachmentWaits({ clusterName, attachmentsStatus }: ObservedCluster): Wait[] {
  if (attachmentsStatus !== 'UPDATE_IN_PROGRESS') return []
  const message = `ECS is changing the capacity providers of cluster ${clusterName}`
  return [{ reason: 'Busy', message, pollSeconds: BUSY_POLL_SECONDS }]
}

function useWaits(current: ObservedCluster): Wait[] {
  const uses = [
    counted(current.activeServicesCount, 'active service'),
    counted(current.drainingServicesCount, 'draining service'),
    counted(current.runningTasksCount, 'running task'),
    counted(current.pendingTasksCount, 'pending task'),
    counted(current.registeredContainerInstancesCount, 'container instance'),
  ].filter((text) => text !== undefined)
  if (uses.length === 0) return []
  const message = `ECS cluster ${current.clusterName} still has ${uses.join(', ')}`
  return [{ reason: 'InUse', message, pollSeconds: IN_USE_POLL_SECONDS }]
}

function counted(count: number, noun: string): string | undefined {
  if (count === 0) return undefined
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function attachmentBlocks({ clusterName, attachmentsStatus }: ObservedCluster): Block[] {
  if (attachmentsStatus !== 'UPDATE_FAILED') return []
  const message = `ECS could not set up the capacity providers of cluster ${clusterName}: check that they exist and are ACTIVE`
  return [{ reason: 'RefusedByAws', message, field: 'spec.capacityProviders' }]
}

function statusBlocks({ clusterName, status }: ObservedCluster): Block[] {
  if (status !== 'FAILED') return []
  const message = `ECS reports cluster ${clusterName} as FAILED: what its capacity providers need could not be made`
  return [{ reason: 'RefusedByAws', message }]
}
