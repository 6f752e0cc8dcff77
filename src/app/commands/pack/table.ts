import type { PlannedNode, ProvisioningProblem, Unschedulable } from '../../../core/scheduling/problem.ts'
import { paletteThat, type Palette } from '../world/colour.ts'
import { tableLines, type Cell, type Column, type Paper } from './columns.ts'
import type { Decision } from './decide.ts'
import { nodeGroups, type NodeGroup } from './node-groups.ts'
import { consolidationSections } from './moves-table.ts'
import type { View } from './pack-order.ts'
import { podName } from './pod-names.ts'
import { counted, dollars, more, price, section } from './words.ts'

type TableView = Extract<View, { readonly format: 'table' }>

/** The plan for people: what it costs, what to add, and what has no place. */
export function renderTable(decision: Decision, { columns, isColoured }: TableView): string {
  const paper = { palette: paletteThat(isColoured ? 'colours' : 'is plain'), columns }
  const { plan, problem } = decision
  const sections = [
    ...consolidationSections(decision, paper),
    totals(decision, paper.palette),
    section('New nodes', newNodeLines(plan.newNodes, paper), paper),
    section('Nodes that run and take pods', existingLines(decision, paper), paper),
    section('Pods without a place', unschedulableLines(plan.unschedulable, problem, paper), paper),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function totals(
  { plan, consolidation, elapsedMs, isCutShort }: Decision,
  { bold, red, yellow, dim }: Palette,
): readonly string[] {
  const { newNodes, existing, unschedulable, totalUsdPerHour: total, lowerBoundUsdPerHour: bound } = plan
  const placed = newNodes.reduce((sum, { pods }) => sum + pods.length, 0)
  const reused = existing.reduce((sum, { pods }) => sum + pods.length, 0)
  const isAboutMoves = consolidation !== undefined && newNodes.length === 0
  const lines = [
    ...(isAboutMoves
      ? []
      : [
          `${counted(newNodes.length, 'new node')} for ${counted(placed, 'pod')}: ${bold(`${dollars(total)}/h`)}${boundWords(total, bound)}`,
        ]),
    ...(reused > 0 ? [`${counted(reused, 'pod')} on ${counted(existing.length, 'node')} that run already`] : []),
    ...(unschedulable.length > 0 ? [red(`${counted(unschedulable.length, 'pod')} without a place`)] : []),
    dim(`decided in ${elapsedMs < 10 ? elapsedMs.toFixed(1) : elapsedMs.toFixed(0)} ms`),
  ]
  return isCutShort
    ? [...lines, yellow('The time limit ended the search: with more time the plan may be cheaper.')]
    : lines
}

function boundWords(total: number, bound: number): string {
  if (total === 0 || bound === 0) return ''
  return ` (lower bound ${dollars(bound)}/h, ratio ${(total / bound).toFixed(2)})`
}

const BAR_CELLS = 8
const LEAST_COLUMNS_FOR_BARS = 100

function newNodeLines(nodes: readonly PlannedNode[], { palette, columns }: Paper): readonly string[] {
  const groups = nodeGroups(nodes)
  if (groups.length === 0) return []
  const column = (title: string, expendable: number, cell: (group: NodeGroup) => Cell | string): Column => ({
    title,
    expendable,
    align: 'left',
    cells: groups.map((group) => asCell(cell(group))),
  })
  const number = (title: string, expendable: number, cell: (group: NodeGroup) => Cell | string): Column => ({
    ...column(title, expendable, cell),
    align: 'right',
  })
  const fill = (title: string, resource: string): Column =>
    number(title, 0, ({ fill: { [resource]: share = 0 } }) => ({
      text: fillWords(share, columns),
      paint: shareColour(share, palette),
    }))
  return tableLines(
    [
      number('NODES', 0, ({ count }) => String(count)),
      column('TYPE', 0, ({ sample }) => ({ text: sample.instanceType, paint: palette.bold })),
      column('ZONE', 2, ({ sample }) => sample.zone),
      column('CAPACITY', 4, ({ sample }) => sample.capacityType),
      column('POOL', 5, ({ sample }) => sample.nodePool),
      fill('CPU', 'cpu'),
      fill('MEMORY', 'memory'),
      fill('POD SLOTS', 'pods'),
      number('PODS', 0, ({ pods }) => String(pods)),
      number('$/H EACH', 0, ({ sample }) => price(sample.priceUsdPerHour)),
      column('RUNNER-UP', 3, ({ sample }) => ({ text: runnerUpWords(sample), paint: palette.dim })),
    ],
    columns - 2,
    palette.dim,
  )
}

function asCell(cell: Cell | string): Cell {
  return typeof cell === 'string' ? { text: cell } : cell
}

/** A bar and a percentage; where there is no room for three bars the percentage alone. */
function fillWords(share: number, columns: number): string {
  const percent = `${(share * 100).toFixed(0)}%`
  if (columns < LEAST_COLUMNS_FOR_BARS) return percent
  const full = Math.min(BAR_CELLS, Math.round(share * BAR_CELLS))
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${percent.padStart(4)}`
}

/** Whoever pays for a node wants it full. */
function shareColour(share: number, { green, yellow, red }: Palette): (text: string) => string {
  if (share >= 0.75) return green
  return share >= 0.4 ? yellow : red
}

function runnerUpWords({ runnerUp }: PlannedNode): string {
  return runnerUp === undefined ? '' : `${runnerUp.instanceType} ${price(runnerUp.priceUsdPerHour)}`
}

/** As many as one looks at. */
const MOST_NODES = 20

function existingLines({ plan: { existing }, problem }: Decision, { palette, columns }: Paper): readonly string[] {
  if (existing.length === 0) return []
  const labels = new Map(problem.nodes.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]))
  const shown = existing.toSorted((a, b) => b.pods.length - a.pods.length).slice(0, MOST_NODES)
  const column = (title: string, expendable: number, text: (used: (typeof shown)[number]) => string): Column => ({
    title,
    expendable,
    align: 'left',
    cells: shown.map((used) => ({ text: text(used) })),
  })
  const label = (key: string) => (used: (typeof shown)[number]) => labels.get(used.node)?.[key] ?? ''
  const lines = tableLines(
    [
      { ...column('PODS', 0, ({ pods }) => `+${pods.length}`), align: 'right' },
      column('NODE', 0, ({ node }) => node),
      column('TYPE', 1, label('node.kubernetes.io/instance-type')),
      column('ZONE', 2, label('topology.kubernetes.io/zone')),
    ],
    columns - 2,
    palette.dim,
  )
  return [...lines, ...more(existing.length - shown.length, 'more')]
}

const MOST_PODS = 3

function unschedulableLines(
  unschedulable: readonly Unschedulable[],
  { pods }: ProvisioningProblem,
  { palette }: Paper,
): readonly string[] {
  const groups = [...Map.groupBy(unschedulable, ({ reasons }) => reasons.join('\n')).values()]
  return groups
    .toSorted((a, b) => b.length - a.length)
    .flatMap((members) => {
      const names = members.slice(0, MOST_PODS).map(({ pod }) => podName(pods[pod]))
      const rest = members.length - names.length
      return [
        `${palette.red(counted(members.length, 'pod'))}: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
        ...(members[0]?.reasons ?? []).map((reason) => `  ${reason}`),
      ]
    })
}
