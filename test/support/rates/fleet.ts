import type { ConditionStatus } from '../../../src/core/conditions.ts'
import { generationOf, statusOf } from '../../../src/reconciler/managed.ts'
import {
  startVirtualOperator,
  type Manifest,
  type VirtualOperator,
  type VirtualOperatorOptions,
} from '../virtual-operator.ts'

/** Many services in one cluster, and the operator that keeps them. */
export interface Fleet {
  readonly operator: VirtualOperator
  /** As they were applied last. */
  readonly services: readonly Manifest[]
}

export interface FleetOptions extends VirtualOperatorOptions {
  /** How many services each namespace has. */
  readonly namespaces: Readonly<Record<string, number>>
}

const HOME = 'fleet'
const CLUSTER: Manifest = {
  kind: 'EcsCluster',
  metadata: { name: 'main', namespace: HOME, annotations: { 'longshore.dev/allow-references-from': '*' } },
  spec: { clusterName: 'main' },
}

/** An operator whose cluster is Ready; nobody has asked for services yet. */
export async function openFleet({ namespaces, ...options }: FleetOptions): Promise<Fleet> {
  const operator = await startVirtualOperator(options)
  operator.apply(CLUSTER)
  await untilReady(operator, [CLUSTER])
  const services = Object.entries(namespaces).flatMap(([namespace, count]) =>
    Array.from({ length: count }, (_, index) => serviceOf(namespace, index, 'app:1')),
  )
  return { operator, services }
}

/** The same fleet once every service runs and every bucket is full again. */
export async function openReadyFleet(options: FleetOptions): Promise<Fleet> {
  const fleet = await openFleet(options)
  for (const service of fleet.services) fleet.operator.apply(service)
  await untilReady(fleet.operator, fleet.services)
  await fleet.operator.clock.advance(CALM_SECONDS)
  return fleet
}

/** Longer than any published bucket takes to fill. */
export const CALM_SECONDS = 60

const ROLE = 'arn:aws:iam::123456789012:role/ecs-execution'

function serviceOf(namespace: string, index: number, image: string): Manifest {
  const name = `s${String(index).padStart(4, '0')}`
  const container = { name: 'app', image, logConfiguration: { logDriver: 'awslogs' } }
  return {
    kind: 'EcsService',
    metadata: { name, namespace },
    spec: {
      clusterRef: { name: 'main', namespace: HOME },
      launchType: 'FARGATE',
      desiredCount: 1,
      taskDefinition: { cpu: '256', memory: '512', executionRoleArn: ROLE, containerDefinitions: [container] },
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
      logGroup: { retentionInDays: 14 },
      tags: [{ key: 'team', value: namespace }],
    },
  }
}

/** All services of a namespace with another image. */
export function editsIn({ services }: Fleet, namespace: string, image: string): readonly Manifest[] {
  return services.filter(({ metadata }) => metadata.namespace === namespace).map((service) => withImage(service, image))
}

/** The service with another image: a new revision and a rollout. */
export function withImage({ metadata, ...rest }: Manifest, image: string): Manifest {
  const { spec } = serviceOf(metadata.namespace ?? HOME, Number(metadata.name.slice(1)), image)
  return { ...rest, metadata, spec }
}

/** Far more than a thousand services take at full rates. */
const PATIENCE_SECONDS = 3 * 3600

/** Winds the clock until each of these objects is Ready in its newest generation; answers the seconds that took. */
export async function untilReady(operator: VirtualOperator, manifests: readonly Manifest[]): Promise<number> {
  const { clock } = operator
  const begun = clock.now()
  const waiting = new Set(manifests)
  for (;;) {
    for (const manifest of waiting) if (readinessOf(operator, manifest) === 'True') waiting.delete(manifest)
    const seconds = (clock.now() - begun) / 1000
    if (waiting.size === 0) return seconds
    if (seconds > PATIENCE_SECONDS) throw new Error(`${waiting.size} objects are not Ready after ${seconds} s`)
    await clock.advance(1)
  }
}

/** Of the newest generation. */
function readinessOf(operator: VirtualOperator, manifest: Manifest): ConditionStatus {
  const object = operator.find(manifest)
  if (object === undefined) return 'Unknown'
  const { observedGeneration, conditions = [] } = statusOf(object)
  const ready = conditions.find(({ type }) => type === 'Ready')
  return observedGeneration === generationOf(object) ? (ready?.status ?? 'Unknown') : 'Unknown'
}
