import type { AwsSession } from '../../../src/aws/session.ts'
import type { Thing } from './aws-view.ts'
import { awsName, type Slot, type Wishes } from './slots.ts'

const signal = new AbortController().signal

/** Somebody deletes a thing in the console. Throws `Failure` where AWS refuses. */
export async function deleteByHand({ ecr, ecsClusters, ecsServices }: AwsSession, thing: Thing): Promise<void> {
  if (thing.type === 'repository') await ecr.deleteRepository(thing.name, true, signal)
  if (thing.type === 'cluster') await ecsClusters.deleteCluster(thing.name, signal)
  if (thing.type === 'service') {
    await ecsServices.deleteService({ cluster: thing.state.cluster, service: thing.name }, signal)
  }
}

/** Somebody changes a thing in the console, away from what its object's owner wishes. */
export async function changeByHand(
  { ecr, ecsClusters, ecsServices }: AwsSession,
  thing: Thing,
  wishes: Wishes | undefined,
): Promise<void> {
  const team = { team: 'by-hand' }
  if (thing.type === 'repository') {
    // What a glance shows: the tags alone would be found much later, when somebody looks closely.
    const imageTagMutability = wishes?.isMutable === true ? 'IMMUTABLE' : 'MUTABLE'
    await ecr.putTagMutability(thing.name, { imageTagMutability, exclusionFilters: [] }, signal)
    await ecr.tag(thing.arn, team, signal)
  }
  if (thing.type === 'cluster') {
    const isOn = thing.state.settings.some(({ value }) => value === 'enabled')
    await ecsClusters.updateCluster(thing.name, { containerInsights: isOn ? 'disabled' : 'enabled' }, signal)
    await ecsClusters.tag(thing.arn, team, signal)
  }
  if (thing.type === 'service') {
    await ecsServices.updateService({ cluster: thing.state.cluster, service: thing.name, desiredCount: 4 }, signal)
    await ecsServices.tag(thing.arn, team, signal)
  }
}

const STRANGER = { owner: 'stranger' }

/** Somebody who has nothing to do with us makes what a slot stands for, under the name that it has or would have. */
export async function makeAsStranger(people: AwsSession, slot: Slot, cluster: string): Promise<void> {
  const name = awsName(slot)
  if (slot.startsWith('r')) {
    await people.ecr.createRepository({ repositoryName: name, tags: STRANGER }, signal)
  } else if (slot.startsWith('c')) {
    await people.ecsClusters.createCluster({ clusterName: name, tags: STRANGER }, signal)
  } else {
    const container = { name: 'app', image: 'stranger:v1', essential: true }
    const content = {
      containerDefinitions: [container],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      requiresCompatibilities: ['FARGATE'],
    } as const
    const arn = await people.ecsTaskDefinitions.register({ family: 'stranger', content, tags: STRANGER }, signal)
    await people.ecsServices.createService(
      {
        cluster: awsName(cluster as Slot),
        serviceName: name,
        taskDefinition: arn,
        desiredCount: 0,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
        tags: STRANGER,
      },
      signal,
    )
  }
}
