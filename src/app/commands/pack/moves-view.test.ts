import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decide } from './decide.ts'
import { createDocumentReader, readDocument } from './document-reader.ts'
import { nodeManifest, podManifest } from '../../../../test/support/pack-decision.ts'
import { createProblemReader } from './problem-reader.ts'
import { renderTable } from './table.ts'
import { renderSvg } from './svg/picture.ts'
import { systemTools } from './system-tools.ts'

const LABELS = { 'longshore.dev/nodepool': 'default' }
const ownerReferences = [{ kind: 'ReplicaSet', name: 'web-5d8f7c9b6f', controller: true }]

/** A pod of 500 millicores and 1 GiB that would be made again. */
function owned(name: string, nodeName: string, annotations = {}) {
  const { metadata, ...pod } = podManifest(name, { nodeName })
  return { ...pod, metadata: { ...metadata, ownerReferences, annotations } }
}

function nodeOfOurs(name: string) {
  const { metadata, ...node } = nodeManifest(name)
  return { ...node, metadata: { ...metadata, labels: { ...metadata.labels, ...LABELS } } }
}

/** Three nodes for three small pods, of which one may not move. */
function decisionWith(options: object) {
  const reader = createProblemReader()
  const document = {
    options: { consolidate: true, budgetNodes: 1, ...options },
    nodes: ['ip-1', 'ip-2', 'ip-3'].map(nodeOfOurs),
    pods: [
      owned('a', 'ip-1'),
      owned('b', 'ip-2'),
      owned('c', 'ip-3', { 'longshore.dev/do-not-disrupt': 'true', 'team/note': 'x' }),
    ],
    instanceTypes: [
      {
        name: 'm6a.large',
        allocatable: { cpu: '2', memory: '4Gi', pods: '10' },
        offerings: [{ zone: 'us-east-1b', capacityType: 'on-demand', priceUsdPerHour: 0.1 }],
      },
    ],
  }
  readDocument(document, createDocumentReader(reader, undefined))
  return decide(reader.finish(), { ...systemTools, startStopwatch: () => () => 5 })
}

describe('a decision about moves', () => {
  test('is told with its saving, its pods and its disruption, and with the reasons to stay', () => {
    const table = renderTable(decisionWith({}), { format: 'table', columns: 120, isColoured: false })

    assert.equal(
      table,
      `3 nodes of known price: $0.3000/h now, $0.2000/h and 2 nodes after 1 move: saves $0.1000/h (33%)
1 pod moved, disruption 2.0, at most 1 node at once

Moves, in this order
  ROUND  REMOVE  ADD      PODS GO TO  PODS MOVED  DISRUPTION  SAVES $/H
      1  ip-1    nothing  ip-2                 1         2.0     0.1000

Nodes left alone
  ip-3 stays: pod shop/c may not be disrupted: it has the annotation longshore.dev/do-not-disrupt: "true"

decided in 5.0 ms
`,
    )
  })

  test('says so when nothing is worth it', () => {
    const table = renderTable(decisionWith({ usdPerDisruption: 10 }), {
      format: 'table',
      columns: 120,
      isColoured: false,
    })

    assert.match(table, /^3 nodes of known price: \$0\.3000\/h; no move saves more than its disruption costs\n/)
  })

  test('is drawn with the nodes that go before, and without them after', () => {
    const svg = renderSvg(decisionWith({}))

    assert.equal(svg.match(/class="edge going"/g)?.length, 1)
    assert.match(svg, /1 move: \$0\.3000\/h becomes \$0\.2000\/h/)
    assert.match(svg, /1\. ip-1 → nothing · 1 pod moves · disruption 2\.0 · saves \$0\.1000\/h/)
    assert.match(svg, /ip-3 stays: pod shop\/c may not be disrupted/)
    assert.match(svg, /After: 2 nodes run, and 0 new/)
  })

  test('takes all pods for movable where none says who owns it, and says so', () => {
    const reader = createProblemReader()
    const pods = [podManifest('a', { nodeName: 'ip-1' }), podManifest('b', { nodeName: 'ip-2' })]
    const nodes = ['ip-1', 'ip-2'].map(nodeOfOurs)
    readDocument({ options: { consolidate: true }, pods, nodes }, createDocumentReader(reader, undefined))

    const { consolidation, notes } = decide(reader.finish(), systemTools)

    assert.deepEqual(notes, [
      'no pod says who owns it: each is taken to be made again when it is moved (options.barePods)',
    ])
    assert.ok(consolidation?.leftAlone.every(({ reason }) => !reason.includes('no controller')))
  })
})
