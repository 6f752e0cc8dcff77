import type { Consolidation, Move } from '../../../core/scheduling/consolidation/consolidation.ts'
import type { Palette } from '../world/colour.ts'
import { tableLines, type Cell, type Column, type Paper } from './columns.ts'
import type { Decision } from './decide.ts'
import { counted, dollars, more, section } from './words.ts'

/** As many nodes as one looks at. */
const MOST_LEFT_ALONE = 20
const MOST_NAMES = 3

/** What consolidation would do, for people; nothing, when nobody asked. */
export function consolidationSections({ consolidation }: Decision, paper: Paper): readonly (readonly string[])[] {
  if (consolidation === undefined) return []
  const { moves, leftAlone } = consolidation
  return [
    totals(consolidation, paper.palette),
    section('Moves, in this order', moves.length === 0 ? [] : moveLines(moves, paper), paper),
    section('Nodes left alone', leftAloneLines(leftAlone), paper),
  ]
}

function totals({ moves, before, after, budgetNodes }: Consolidation, { bold, green }: Palette): readonly string[] {
  const saved = before.usdPerHour - after.usdPerHour
  const share = before.usdPerHour === 0 ? 0 : saved / before.usdPerHour
  const now = `${counted(before.nodes, 'node')} of known price: ${dollars(before.usdPerHour)}/h`
  if (moves.length === 0) return [`${now}; no move saves more than its disruption costs`]
  return [
    `${now} now, ${bold(`${dollars(after.usdPerHour)}/h`)} and ${counted(after.nodes, 'node')} after ${counted(moves.length, 'move')}: ${green(`saves ${dollars(saved)}/h (${(share * 100).toFixed(0)}%)`)}`,
    `${counted(
      sumOf(moves, ({ podsMoved }) => podsMoved),
      'pod',
    )} moved, disruption ${sumOf(moves, ({ disruption }) => disruption).toFixed(1)}, at most ${counted(budgetNodes, 'node')} at once`,
  ]
}

function sumOf(moves: readonly Move[], amount: (move: Move) => number): number {
  return moves.reduce((sum, move) => sum + amount(move), 0)
}

function moveLines(moves: readonly Move[], { palette, columns }: Paper): readonly string[] {
  const column = (title: string, expendable: number, cell: (move: Move) => Cell): Column => ({
    title,
    expendable,
    align: 'left',
    cells: moves.map(cell),
  })
  const number = (title: string, expendable: number, cell: (move: Move) => Cell): Column => ({
    ...column(title, expendable, cell),
    align: 'right',
  })
  return tableLines(
    [
      number('ROUND', 3, ({ round }) => ({ text: String(round) })),
      column('REMOVE', 0, ({ remove }) => ({ text: names(remove) })),
      column('ADD', 0, ({ add }) => ({ text: addWords(add) })),
      column('PODS GO TO', 4, (move) => ({ text: targetWords(move), paint: palette.dim })),
      number('PODS MOVED', 1, ({ podsMoved }) => ({ text: String(podsMoved) })),
      number('DISRUPTION', 2, ({ disruption }) => ({ text: disruption.toFixed(1) })),
      number('SAVES $/H', 0, ({ savesUsdPerHour }) => ({ text: savesUsdPerHour.toFixed(4), paint: palette.green })),
    ],
    columns - 2,
    palette.dim,
  )
}

function names(all: readonly string[]): string {
  return [...all.slice(0, MOST_NAMES), ...more(all.length - MOST_NAMES, 'more')].join(', ')
}

/** `2 × m6a.large us-east-1a`. */
function addWords(add: Move['add']): string {
  const groups = Map.groupBy(add, ({ instanceType, zone }) => `${instanceType} ${zone}`)
  const words = [...groups].map(([what, nodes]) => (nodes.length === 1 ? what : `${nodes.length} × ${what}`))
  return words.length === 0 ? 'nothing' : names(words)
}

function targetWords({ existing, add, podsMoved }: Move): string {
  if (podsMoved === 0) return 'none to move'
  const running = existing.map(({ node }) => node)
  return names(add.length === 0 ? running : [...running, 'the new'])
}

function leftAloneLines(leftAlone: Consolidation['leftAlone']): readonly string[] {
  const shown = leftAlone.slice(0, MOST_LEFT_ALONE).map(({ reason }) => reason)
  return [...shown, ...more(leftAlone.length - shown.length, 'more')]
}
