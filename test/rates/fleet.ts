import { statusOf } from '../../src/reconciler/managed.ts'
import type { Manifest, VirtualOperator } from '../support/virtual-operator.ts'

/** The cluster that a fleet lives in. */
export const CLUSTER: Manifest = {
  kind: 'EcsCluster',
  metadata: { name: 'main', namespace: 'fleet' },
  spec: { clusterName: 'main' },
}

/** One service of many in the cluster; a new image makes a new revision and a rollout. */
export function serviceOf(index: number, image: string, namespace = 'fleet'): Manifest {
  const name = `s${String(index).padStart(4, '0')}`
  return {
    kind: 'EcsService',
    metadata: { name, namespace },
    spec: {
      serviceName: `${namespace}-${name}`,
      clusterRef: { name: 'main', ...(namespace !== 'fleet' && { namespace: 'fleet' }) },
      launchType: 'FARGATE',
      desiredCount: 1,
      taskDefinition: {
        cpu: '256',
        memory: '512',
        containerDefinitions: [{ name: 'app', image }],
      },
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
    },
  }
}

/** Winds the clock until each of these objects is Ready in its newest generation; answers the seconds that took. */
export async function untilReady(
  operator: VirtualOperator,
  manifests: readonly Manifest[],
  patienceSeconds: number,
): Promise<number> {
  const { clock } = operator
  const begun = clock.now()
  const waiting = new Set(manifests)
  while (waiting.size > 0) {
    for (const manifest of waiting) if (isReady(operator.find(manifest))) waiting.delete(manifest)
    if (waiting.size === 0) break
    const seconds = (clock.now() - begun) / 1000
    if (seconds > patienceSeconds) throw new Error(`${waiting.size} objects are not Ready after ${seconds} s`)
    await clock.advance(1)
  }
  return (clock.now() - begun) / 1000
}

function isReady(object: ReturnType<VirtualOperator['find']>): boolean {
  if (object === undefined) return false
  const { observedGeneration, conditions = [] } = statusOf(object)
  const ready = conditions.find(({ type }) => type === 'Ready')
  return observedGeneration === object.metadata.generation && ready?.status === 'True'
}
