import assert from 'node:assert/strict'
import { decide, type Decision } from '../../src/app/commands/pack/decide.ts'
import { createDocumentReader, readDocument } from '../../src/app/commands/pack/document-reader.ts'
import { createProblemReader } from '../../src/app/commands/pack/problem-reader.ts'
import type { Plan } from '../../src/core/scheduling/problem.ts'

/** A decision about a document that came out as the test says: nobody solves anything. */
export function decisionFor(document: unknown, plan: Partial<Plan>, elapsedMs = 12): Decision {
  const reader = createProblemReader()
  readDocument(document, createDocumentReader(reader, undefined))
  return decide(reader.finish(), {
    startStopwatch: () => () => elapsedMs,
    solvers: {
      consolidate: () => assert.fail('nobody asked for moves'),
      shippedTypes: () => [],
      packPods: () => ({
        newNodes: [],
        existing: [],
        unschedulable: [],
        totalUsdPerHour: 0,
        lowerBoundUsdPerHour: 0,
        rounds: 0,
        shapes: 0,
        ...plan,
      }),
    },
  })
}

/** A planned node of 2 cores and 4 GiB. */
export function plannedNode(name: string, rest: Partial<Plan['newNodes'][number]> = {}): Plan['newNodes'][number] {
  return {
    name,
    nodePool: 'default',
    instanceType: 'm6a.large',
    zone: 'us-east-1a',
    capacityType: 'on-demand',
    priceUsdPerHour: 0.0864,
    pods: new Int32Array(),
    daemonPods: [],
    requests: { cpu: 1000, memory: 2 ** 30, pods: 1 },
    allocatable: { cpu: 2000, memory: 2 ** 32, pods: 10 },
    labels: {},
    runnerUp: undefined,
    ...rest,
  }
}

/** A pod that asks for 500 millicores and 1 GiB. */
export function podManifest(name: string, spec: object = {}, labels: Readonly<Record<string, string>> = { app: name }) {
  const containers = [{ resources: { requests: { cpu: '500m', memory: '1Gi' } } }]
  return { kind: 'Pod', metadata: { name, namespace: 'shop', labels }, spec: { containers, ...spec } }
}

/** A node of 2 cores and 4 GiB that runs. */
export function nodeManifest(name: string) {
  const labels = {
    'node.kubernetes.io/instance-type': 'm6a.large',
    'topology.kubernetes.io/zone': 'us-east-1b',
    'longshore.dev/capacity-type': 'on-demand',
  }
  return { kind: 'Node', metadata: { name, labels }, status: { allocatable: { cpu: '2', memory: '4Gi', pods: '10' } } }
}
