import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { decisionFor, nodeManifest, plannedNode, podManifest } from '../../../../test/support/pack-decision.ts'
import type { Plan } from '../../../core/scheduling/problem.ts'
import { renderTable } from './table.ts'

const pods = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => podManifest(name))
const DOCUMENT = { pods, nodes: [nodeManifest('ip-1')] }

function linesOf(plan: Partial<Plan>, { columns = 140, isColoured = false } = {}): readonly string[] {
  return renderTable(decisionFor(DOCUMENT, plan), { format: 'table', columns, isColoured }).split('\n')
}

/** The words of the line in which something stands. */
function lineWith(part: string, lines: readonly string[]): readonly string[] {
  const line =
    lines.find((candidate) => candidate.includes(part)) ?? assert.fail(`${part} is not in\n${lines.join('\n')}`)
  return line.trim().split(/ {2,}/)
}

const two = [
  plannedNode('plan-0001', { pods: Int32Array.of(0), runnerUp: { instanceType: 'm5a.large', priceUsdPerHour: 0.09 } }),
  plannedNode('plan-0002', { pods: Int32Array.of(1, 2), requests: { cpu: 2000, memory: 2 ** 31, pods: 3 } }),
]

describe('the table of a plan', () => {
  for (const { fact, plan, first } of [
    {
      fact: 'begins with what it costs, and how much less another one could',
      plan: { newNodes: two, totalUsdPerHour: 0.1728, lowerBoundUsdPerHour: 0.16 },
      first: '2 new nodes for 3 pods: $0.1728/h (lower bound $0.1600/h, ratio 1.08)',
    },
    { fact: 'says when nothing is needed', plan: {}, first: '0 new nodes for 0 pods: $0.0000/h' },
  ]) {
    test(fact, () => assert.equal(linesOf(plan)[0], first))
  }

  test('puts nodes that are alike on one line, filled together', () => {
    const lines = linesOf({ newNodes: two })

    const words =
      '2 m6a.large us-east-1a on-demand default ██████░░ 75% ███░░░░░ 38% ██░░░░░░ 20% 3 0.0864 m5a.large 0.0900'
    assert.equal(lineWith('m6a.large', lines).join(' '), words)
  })

  test('begins with the nodes that cost most together', () => {
    const large = plannedNode('plan-0003', { instanceType: 'm6a.8xlarge', priceUsdPerHour: 1.4 })
    const lines = linesOf({ newNodes: [...two, large] })

    assert.ok(
      lines.findIndex((line) => line.includes('8xlarge')) < lines.findIndex((line) => line.includes('m6a.large')),
    )
  })

  for (const { columns, titles } of [
    { columns: 140, titles: 'NODES TYPE ZONE CAPACITY POOL CPU MEMORY POD SLOTS PODS $/H EACH RUNNER-UP' },
    { columns: 99, titles: 'NODES TYPE ZONE CAPACITY CPU MEMORY POD SLOTS PODS $/H EACH RUNNER-UP' },
    { columns: 70, titles: 'NODES TYPE ZONE CPU MEMORY POD SLOTS PODS $/H EACH' },
    { columns: 20, titles: 'NODES TYPE CPU MEMORY POD SLOTS PODS $/H EACH' },
  ]) {
    test(`says what fits into ${columns} columns`, () => {
      const lines = linesOf({ newNodes: two }, { columns })

      assert.equal(lineWith('NODES', lines).join(' '), titles)
      if (columns > 60) assert.ok(Math.max(...lines.map((line) => line.length)) <= columns, lines.join('\n'))
    })
  }

  test('names the nodes that run and take pods', () => {
    const lines = linesOf({ existing: [{ node: 'ip-1', pods: Int32Array.of(4, 5) }] })

    assert.deepEqual(lineWith('+2', lines), ['+2', 'ip-1', 'm6a.large', 'us-east-1b'])
    assert.ok(lines.includes('2 pods on 1 node that run already'))
  })

  test('groups pods without a place by what stands in their way', () => {
    const unschedulable = [0, 1, 2, 3].map((pod) => ({ pod, reasons: ['pool default: too large'] }))
    const lines = linesOf({ unschedulable: [{ pod: 5, reasons: ['pool default: no zone'] }, ...unschedulable] })

    assert.deepEqual(lines.slice(lines.indexOf('Pods without a place')), [
      'Pods without a place',
      '  4 pods: shop/a, shop/b, shop/c and 1 more',
      '    pool default: too large',
      '  1 pod: shop/f',
      '    pool default: no zone',
      '',
    ])
  })

  test('has colours that change nothing else', () => {
    const plain = linesOf({ newNodes: two })
    const coloured = linesOf({ newNodes: two }, { isColoured: true })

    assert.ok(coloured.join('').includes('\u001B[32m██████░░  75%\u001B[39m'))
    assert.deepEqual(coloured.map(stripVTControlCharacters), plain)
  })
})
