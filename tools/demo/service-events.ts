import { DescribeServicesCommand, type ECSClient, ListClustersCommand, ListServicesCommand } from '@aws-sdk/client-ecs'
import type { Screen } from './screen.ts'

/** Prints the events that ECS itself keeps for each service, oldest first; call it again and again. */
export function createServiceEventLog(ecs: ECSClient, screen: Screen): () => Promise<void> {
  const shown = new Set<string>()
  return async () => {
    for (const { id, line } of await readEvents(ecs)) {
      if (!shown.has(id)) screen.line('ecs', line)
      shown.add(id)
    }
  }
}

interface ServiceEvent {
  readonly id: string
  readonly line: string
}

async function readEvents(ecs: ECSClient): Promise<readonly ServiceEvent[]> {
  const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}))
  return (await Promise.all(clusterArns.map((cluster) => readEventsIn(ecs, cluster)))).flat()
}

async function readEventsIn(ecs: ECSClient, cluster: string): Promise<readonly ServiceEvent[]> {
  const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster }))
  if (serviceArns.length === 0) return []
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: serviceArns }))
  // ECS lists the newest first.
  const events = services.flatMap((service) => service.events?.toReversed() ?? [])
  return events.map(({ id = '', message = '' }) => ({ id, line: shortened(message) }))
}

/** Task ids are as long as they are meaningless here. */
function shortened(message: string): string {
  return message.replaceAll(/\b([0-9a-f]{6})[0-9a-f]{26}\b/g, '$1')
}
