import { element, rounded, textAt, tooltip } from './markup.ts'
import type { NodeBar, Run } from './scene.ts'

/** Where a part of the picture stands. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Some markup and how high it is. */
export interface Block {
  readonly markup: string
  readonly height: number
}

const LETTER_WIDTH = 6
const LEAST_LABEL_HEIGHT = 13
const LEAST_POD_WIDTH = 3

/** A node: its pods from the left, what is free to the right. */
export function nodeBar(bar: NodeBar, box: Box): string {
  const frame = { x: box.x, y: box.y, width: box.width, height: box.height, rx: Math.min(3, box.height / 4) }
  return element(
    'g',
    {},
    [
      element('rect', { ...frame, class: bar.isNew ? 'room new' : 'room' }, tooltip(barWords(bar))),
      ...runsIn(bar.runs, box),
      element('rect', { ...frame, class: edgeOf(bar) }),
    ].join(''),
  )
}

function edgeOf({ isNew, isGoing }: NodeBar): string {
  if (isGoing) return 'edge going'
  return isNew ? 'edge new' : 'edge'
}

/** Pods of a node or of a queue, beside each other over the width of the box. */
export function runsIn(runs: readonly Run[], box: Box): readonly string[] {
  let x = box.x
  return runs.map((run) => {
    const width = Math.min(run.share * box.width, box.x + box.width - x)
    const markup = runMarkup(run, { ...box, x, width })
    x += width
    return markup
  })
}

function runMarkup(run: Run, { x, y, width, height }: Box): string {
  if (width <= 0) return ''
  const { workload, names, isNew } = run
  return [
    element(
      'rect',
      { x, y, width, height, fill: workload.colour, class: isNew ? undefined : 'old' },
      tooltip(runWords(run)),
    ),
    separators(names.length, { x, y, width, height }),
    label(`${workload.name.replace(/^.*\//, '')}${names.length > 1 ? ` ×${names.length}` : ''}`, run, {
      x,
      y,
      width,
      height,
    }),
  ].join('')
}

/** A thin line between pods, where they are wide enough for one. */
function separators(count: number, { x, y, width, height }: Box): string {
  const each = width / count
  const lines = Array.from({ length: each < LEAST_POD_WIDTH ? 0 : count }, (_, index) => {
    return `M${rounded(x + (index + 1) * each)} ${rounded(y)}v${rounded(height)}`
  })
  return lines.length === 0 ? '' : element('path', { d: lines.join(''), class: 'cut' })
}

/** The whole text, or the number of pods, or nothing: half a name helps nobody. */
function label(text: string, { workload, names, isNew }: Run, { x, y, width, height }: Box): string {
  if (height < LEAST_LABEL_HEIGHT) return ''
  const fitting = [text, String(names.length)].find((candidate) => candidate.length * LETTER_WIDTH + 8 <= width)
  if (fitting === undefined) return ''
  return textAt(x + width / 2, y + height / 2 + 4, workload.isDark && isNew ? 'pod light' : 'pod', fitting)
}

const MOST_NAMES = 12

function runWords({ workload, names, share }: Run): string {
  const shown = names.slice(0, MOST_NAMES)
  const rest = names.length - shown.length
  return [
    `${workload.name}: ${names.length} (${percent(share)})`,
    ...shown,
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join('\n')
}

function barWords(bar: NodeBar): string {
  const { name, instanceType, zone, capacityType, priceUsdPerHour, cpuShare, memoryShare } = bar
  return [
    name,
    [instanceType, zone, capacityType].filter((part) => part !== '').join(' · '),
    ...(priceUsdPerHour === undefined ? [] : [`$${priceUsdPerHour.toFixed(4)}/h`]),
    `cpu ${percent(cpuShare)}, memory ${percent(memoryShare)}`,
  ].join('\n')
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}

/** The caption of one node. */
export function caption({ name, zone, cpuShare, memoryShare }: NodeBar, { x, y, width }: Box): string {
  const fill = `cpu ${percent(cpuShare)} · mem ${percent(memoryShare)}`
  const room = Math.floor((width - fill.length * LETTER_WIDTH) / LETTER_WIDTH) - 2
  const words = [`${name} · ${zone}`, name].find((candidate) => candidate.length <= room)
  return [
    ...(words === undefined ? [] : [textAt(x, y, 'caption', words)]),
    textAt(x + width, y, 'caption end', fill),
  ].join('')
}
