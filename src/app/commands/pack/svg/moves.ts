import type { Consolidation, Move } from '../../../../core/scheduling/consolidation/consolidation.ts'
import { textAt } from './markup.ts'
import type { Block } from './node-bars.ts'

const LINE = 18
/** As many as one looks at. */
const MOST_LINES = 40

/** The moves one below the other, each with what it saves and disturbs, and why nodes are left alone. */
export function moveBlocks(consolidation: Consolidation | undefined): readonly Block[] {
  if (consolidation === undefined) return []
  const { moves, leftAlone } = consolidation
  return [
    titled(
      moves.length === 0 ? 'No move saves more than its disruption costs' : 'Moves, in this order',
      moves.map(moveWords),
    ),
    ...(leftAlone.length === 0
      ? []
      : [
          titled(
            'Nodes left alone',
            leftAlone.map(({ reason }) => reason),
          ),
        ]),
  ]
}

function titled(title: string, lines: readonly string[]): Block {
  const rest = lines.length - MOST_LINES
  const shown = rest > 0 ? [...lines.slice(0, MOST_LINES), `and ${rest} more`] : lines
  return {
    markup:
      textAt(0, 22, 'heading', title) + shown.map((line, index) => textAt(0, 42 + index * LINE, 'soft', line)).join(''),
    height: 42 + shown.length * LINE,
  }
}

function moveWords({ remove, add, podsMoved, savesUsdPerHour, disruption }: Move, index: number): string {
  const types = [...Map.groupBy(add, ({ instanceType }) => instanceType)]
  const coming = types.map(([type, nodes]) => `${nodes.length} × ${type}`).join(', ')
  return [
    `${index + 1}. ${remove.join(', ')} → ${coming === '' ? 'nothing' : coming}`,
    `${podsMoved} ${podsMoved === 1 ? 'pod moves' : 'pods move'}`,
    `disruption ${disruption.toFixed(1)}`,
    `saves $${savesUsdPerHour.toFixed(4)}/h`,
  ].join(' · ')
}
