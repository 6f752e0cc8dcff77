import type { Consolidation } from '../../../../core/scheduling/consolidation/consolidation.ts'
import type { Decision } from '../decide.ts'
import { element, textAt } from './markup.ts'
import { moveBlocks } from './moves.ts'
import { runsIn, type Block } from './node-bars.ts'
import { nodeBlocks, sizeFor } from './node-groups.ts'
import { sceneFrom, type NodeBar, type Run, type Scene } from './scene.ts'
import { STYLE } from './style.ts'
import type { Workload } from './workloads.ts'

const WIDTH = 1280
const MARGIN = 32
const INNER = WIDTH - 2 * MARGIN

/** A decision as a picture: nodes as bars filled with pods, before and after. */
export function renderSvg(decision: Decision): string {
  const scene = sceneFrom(decision)
  const { before, after, waiting, homeless } = scene
  const size = sizeFor(before.length > after.length ? before : after, INNER)
  const oldNodes = after.filter(({ isNew }) => !isNew).length
  return stacked([
    header(decision, scene),
    legend(scene.legend),
    heading(
      `Before: ${nodesWords(before.length)}, ${podsIn(waiting)} ${podsIn(waiting) === 1 ? 'pod waits' : 'pods wait'} for a node`,
    ),
    queue(waiting),
    ...nodeBlocks(before, size, INNER),
    ...moveBlocks(decision.consolidation),
    heading(`After: ${nodesWords(oldNodes)}, and ${after.length - oldNodes} new`),
    ...nodeBlocks(after, size, INNER),
    ...(homeless.length === 0
      ? []
      : [
          heading(`${podsIn(homeless)} ${podsIn(homeless) === 1 ? 'pod' : 'pods'} without a place`, 'heading bad'),
          queue(homeless),
        ]),
  ])
}

function nodesWords(count: number): string {
  if (count === 0) return 'no node runs'
  return count === 1 ? '1 node runs' : `${count} nodes run`
}

function podsIn(runs: readonly Run[]): number {
  return runs.reduce((sum, { names }) => sum + names.length, 0)
}

function stacked(blocks: readonly Block[]): string {
  let y = MARGIN
  const placed = blocks.map(({ markup, height }) => {
    const group = element('g', { transform: `translate(${MARGIN} ${y})` }, markup)
    y += height
    return markup === '' ? '' : `${group}\n`
  })
  const height = Math.ceil(y + MARGIN)
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}` },
    `\n<style>${STYLE}</style>\n${element('rect', { width: WIDTH, height, fill: '#ffffff' })}\n${placed.join('')}`,
  )}\n`
}

function header({ plan, consolidation, elapsedMs }: Decision, { after }: Scene): Block {
  const { totalUsdPerHour: total, lowerBoundUsdPerHour: bound, unschedulable } = plan
  const added = after.filter(({ isNew }) => isNew)
  const words = [
    `${added.length} new ${added.length === 1 ? 'node' : 'nodes'}, $${total.toFixed(4)}/h`,
    ...(bound > 0 ? [`lower bound $${bound.toFixed(4)}/h, ratio ${(total / bound).toFixed(2)}`] : []),
    ...(added.length > 0 ? [`filled: cpu ${average(added, 'cpuShare')}, memory ${average(added, 'memoryShare')}`] : []),
    ...(unschedulable.length > 0 ? [`${unschedulable.length} without a place`] : []),
    ...(consolidation === undefined ? [] : [savingWords(consolidation)]),
    `decided in ${elapsedMs.toFixed(elapsedMs < 10 ? 1 : 0)} ms`,
  ]
  return {
    markup: textAt(0, 16, 'title', 'longshore pack') + textAt(0, 42, 'totals', words.join(' · ')),
    height: 60,
  }
}

function savingWords({ before, after, moves }: Consolidation): string {
  const count = `${moves.length} ${moves.length === 1 ? 'move' : 'moves'}`
  return `${count}: $${before.usdPerHour.toFixed(4)}/h becomes $${after.usdPerHour.toFixed(4)}/h`
}

/** Of the new nodes together: large ones count for more. */
function average(bars: readonly NodeBar[], share: 'cpuShare' | 'memoryShare'): string {
  const weight = bars.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0)
  const used = bars.reduce((sum, bar) => sum + bar[share] * bar.cpuMillis, 0)
  return `${weight === 0 ? 0 : Math.round((used / weight) * 100)} %`
}

function heading(text: string, style = 'heading'): Block {
  return { markup: textAt(0, 22, style, text), height: 34 }
}

const QUEUE_HEIGHT = 24
const MOST_POD_WIDTH = 72

function queue(runs: readonly Run[]): Block {
  if (runs.length === 0) return { markup: '', height: 0 }
  const box = { x: 0, y: 0, width: Math.min(INNER, podsIn(runs) * MOST_POD_WIDTH), height: QUEUE_HEIGHT }
  const frame = element('rect', { ...box, rx: 3, class: 'edge' })
  return { markup: runsIn(runs, box).join('') + frame, height: QUEUE_HEIGHT + 12 }
}

const KEY =
  'A pod is as wide as its share of what is scarcest on its node. Pale: ran there before. Green edge: new. Red edge: goes. Wider nodes have more CPU.'
const SWATCH = 12
const LEGEND_LINE = 22
const LETTER_WIDTH = 7

function legend(workloads: readonly Workload[]): Block {
  let [x, y] = [0, 0]
  const entries = workloads.map(({ name, pods, colour }) => {
    const words = pods === 0 ? name : `${name} (${pods})`
    const width = SWATCH + 8 + words.length * LETTER_WIDTH + 18
    if (x + width > INNER) [x, y] = [0, y + LEGEND_LINE]
    const swatch = element('rect', { x, y, width: SWATCH, height: SWATCH, rx: 2, fill: colour })
    const entry = swatch + textAt(x + SWATCH + 6, y + 10.5, 'soft', words)
    x += width
    return entry
  })
  const key = textAt(0, y + LEGEND_LINE + 12, 'caption', KEY)
  return { markup: entries.join('') + key, height: y + 2 * LEGEND_LINE + 6 }
}
