import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decisionFor, nodeManifest, plannedNode, podManifest } from '../../../../../test/support/pack-decision.ts'
import type { Plan } from '../../../../core/scheduling/problem.ts'
import { renderSvg } from './picture.ts'

const web = { app: 'web' }
const pods = [
  podManifest('runs', { nodeName: 'ip-1' }, { app: 'db' }),
  podManifest('a', {}, web),
  podManifest('b', {}, web),
  podManifest('c', {}, { app: 'a<b' }),
]
const DOCUMENT = { pods, nodes: [nodeManifest('ip-1')] }
const PLAN: Partial<Plan> = {
  newNodes: [
    plannedNode('plan-0001', {
      pods: Int32Array.of(1, 2),
      daemonPods: ['kube-system/cni'],
      requests: { cpu: 1200, memory: 2 ** 31, pods: 3 },
    }),
  ],
  existing: [{ node: 'ip-1', pods: Int32Array.of(3) }],
  totalUsdPerHour: 0.0864,
  lowerBoundUsdPerHour: 0.08,
}

interface Rect {
  readonly x: number
  readonly width: number
  readonly fill: string | undefined
  readonly isOld: boolean
  readonly title: string
}

function pictureOf(plan: Partial<Plan> = PLAN, document: unknown = DOCUMENT): string {
  return renderSvg(decisionFor(document, plan))
}

/** The bars and what is in them, in their order. */
function rectsIn(svg: string): readonly Rect[] {
  return [...svg.matchAll(/<rect ([^>]*?)(?:\/>|>(?:<title>([^<]*)<\/title>)?<\/rect>)/g)].map(
    ([, list = '', title = '']) => {
      const attribute = (name: string): string | undefined => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(list)?.[1]
      return {
        x: Number(attribute('x')),
        width: Number(attribute('width')),
        fill: attribute('fill'),
        isOld: attribute('class') === 'old',
        title,
      }
    },
  )
}

describe('the picture of a plan', () => {
  test('is an SVG that nothing in the names can break', () => {
    const svg = pictureOf()

    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="1280" height="\d+" /)
    assert.doesNotMatch(svg, /a<b/)
    assert.match(svg, /shop\/a&lt;b/)
    assert.equal(svg.match(/<g/g)?.length, svg.match(/<\/g>/g)?.length)
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/)
  })

  test('says what it costs and what runs before and after', () => {
    const svg = pictureOf()

    assert.match(
      svg,
      />1 new node, \$0\.0864\/h · lower bound \$0\.0800\/h, ratio 1\.08 · filled: cpu 60 %, memory 50 % ·/,
    )
    assert.match(svg, />Before: 1 node runs, 3 pods wait for a node</)
    assert.match(svg, />After: 1 node runs, and 1 new</)
  })

  test('fills a node by what is scarcest on it: daemons, then pods, the rest stays free', () => {
    const rects = rectsIn(pictureOf())
    const node = rects.find(({ title }) => title.startsWith('plan-0001')) ?? assert.fail()
    const [daemons, pair] = ['DaemonSets', 'shop/web'].map((name) =>
      rects.findLast(({ title }) => title.startsWith(`${name}: `)),
    )

    assert.ok(daemons && pair)
    // 200 of 2000 millicores, and twice 500.
    assert.deepEqual(
      [daemons, pair].map(({ width }) => (width / node.width).toFixed(2)),
      ['0.10', '0.50'],
    )
    assert.deepEqual(
      [daemons.x, pair.x].map((x) => ((x - node.x) / node.width).toFixed(2)),
      ['0.00', '0.10'],
    )
    assert.match(pair.title, /^shop\/web: 2 \(50 %\)\nshop\/a\nshop\/b$/)
  })

  test('tells pods that ran before from those that come', () => {
    const titles = rectsIn(pictureOf())
      .filter(({ isOld }) => isOld)
      .map(({ title }) => title.split(':')[0])

    assert.deepEqual(titles, ['shop/db', 'shop/db'])
  })

  test('paints a workload in one colour everywhere', () => {
    const fills = rectsIn(pictureOf())
      .filter(({ title }) => title.startsWith('shop/web: '))
      .map(({ fill }) => fill)

    assert.equal(fills.length, 2)
    assert.equal(new Set(fills).size, 1)
  })

  test('shows pods without a place', () => {
    const svg = pictureOf({ unschedulable: [{ pod: 3, reasons: [] }] })

    assert.match(svg, /class="heading bad">1 pod without a place</)
  })

  for (const count of [0, 1, 20, 100, 500]) {
    test(`has room for ${count} new nodes`, () => {
      const newNodes = Array.from({ length: count }, (_, index) =>
        plannedNode(`plan-${index}`, {
          instanceType: `m6a.${index % 7}`,
          allocatable: { cpu: 1000 * (1 + (index % 7)), pods: 10 },
        }),
      )
      const rects = rectsIn(pictureOf({ newNodes }, {}))

      assert.equal(rects.filter(({ title }) => title.startsWith('plan-')).length, count)
      assert.ok(rects.every(({ x, width }) => !(x + width > 1280 - 2 * 32 + 0.1)))
    })
  }
})
