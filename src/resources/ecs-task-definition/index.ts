import { ownershipOf, type Owner } from '../../core/owner.ts'
import type { Drift, Permission, Resource, Scope } from '../../reconciler/resource.ts'
import { applyTaskDefinitionStep } from './apply.ts'
import type { DesiredTaskDefinition } from './desired.ts'
import { hashOfContent, observeTaskDefinition, type ObservedRevision } from './observe.ts'
import { planTaskDefinition, recallTaskDefinition, type TaskDefinitionOutput, type TaskDefinitionStep } from './plan.ts'
import { taskDefinitionTrail } from './trail.ts'

const ARN = 'arn:*:ecs:*:*:task-definition/*:*'

const permissions: readonly Permission[] = [
  { action: 'ecs:ListTaskDefinitions', arn: '*', why: 'find the revisions of a family' },
  { action: 'ecs:ListTaskDefinitionFamilies', arn: '*', why: 'find the families of an object whose status was lost' },
  { action: 'ecs:DescribeTaskDefinition', arn: '*', why: 'read the tags of a revision' },
  { action: 'ecs:RegisterTaskDefinition', arn: '*', why: 'register a revision when the content changes' },
  {
    action: 'ecs:TagResource',
    arn: ARN,
    why: 'mark a revision as ours when it is made or taken over, with the hash of its content',
  },
  { action: 'ecs:UntagResource', arn: ARN, why: 'release the revisions of an object that is deleted and retained' },
  { action: 'ecs:DeregisterTaskDefinition', arn: '*', why: 'retire revisions beyond the history limit' },
  { action: 'iam:PassRole', arn: 'arn:*:iam::*:role/*', why: 'hand the task and execution roles to the tasks' },
]

const drifts: readonly Drift[] = [
  {
    fact: 'the newest revision was deregistered by hand',
    foundBy: 'close-look',
    inject: async (key, { aws }, signal) => {
      const [newest] = await aws.ecsTaskDefinitions.listActive(key, hashOfContent, signal)
      if (newest) await aws.ecsTaskDefinitions.deregister(newest.arn, signal)
    },
  },
]

/** The revisions of one task-definition family that are ours. */
export const taskDefinitionResource: Resource<
  DesiredTaskDefinition,
  ObservedRevision,
  TaskDefinitionStep,
  TaskDefinitionOutput
> = {
  type: 'ecs-task-definition',
  identify: ({ family }) => family,
  observe: observeTaskDefinition,
  recall: recallTaskDefinition,
  isReadAlone: true,
  plan: planTaskDefinition,
  apply: applyTaskDefinitionStep,
  calls: {
    register: 'ecs:RegisterTaskDefinition',
    deregister: 'ecs:DeregisterTaskDefinition',
    adopt: 'ecs:TagResource',
    release: 'ecs:UntagResource',
  },
  trail: taskDefinitionTrail,
  findOwned: findOwnedFamilies,
  permissions,
  drifts,
}

/** Expensive (a call a family), and needed only when an object lost its status and its references. */
async function findOwnedFamilies(owner: Owner, { aws }: Scope, signal: AbortSignal): Promise<readonly string[]> {
  const owned: string[] = []
  for (const family of await aws.ecsTaskDefinitions.listFamilies(signal)) {
    const revisions = await aws.ecsTaskDefinitions.listActive(family, hashOfContent, signal)
    if (revisions.some(({ tags }) => ownershipOf(tags, owner) === 'ours')) owned.push(family)
  }
  return owned
}
