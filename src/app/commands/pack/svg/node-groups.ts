import { textAt } from './markup.ts'
import { caption, nodeBar, type Block } from './node-bars.ts'
import type { NodeBar } from './scene.ts'

/** How large nodes are drawn: few of them large, many of them small. */
export interface BarSize {
  /** Of the largest node. */
  readonly width: number
  readonly height: number
  readonly hasCaptions: boolean
  readonly gap: number
  /** The most CPU of any node: smaller ones are narrower. */
  readonly mostCpuMillis: number
}

const CAPTION_HEIGHT = 15
const GROUP_TITLE_HEIGHT = 20
const GROUP_GAP = 24

/** The size at which so many nodes can be looked at together. */
export function sizeFor(bars: readonly NodeBar[], width: number): BarSize {
  const mostCpuMillis = Math.max(1, ...bars.map(({ cpuMillis }) => cpuMillis))
  const columns = (count: number, gap: number): number => (width - (count - 1) * gap) / count
  const size = { mostCpuMillis, hasCaptions: false }
  if (bars.length <= 10) return { ...size, width: columns(2, 16), height: 30, hasCaptions: true, gap: 16 }
  if (bars.length <= 48) return { ...size, width: columns(4, 12), height: 22, hasCaptions: true, gap: 12 }
  if (bars.length <= 160) return { ...size, width: columns(8, 8), height: 15, gap: 8 }
  return { ...size, width: columns(16, 6), height: 10, gap: 6 }
}

/** Nodes that are alike stand together; groups follow each other as words do in lines. */
export function nodeBlocks(bars: readonly NodeBar[], size: BarSize, width: number): readonly Block[] {
  const groups = [...Map.groupBy(bars, groupKey).values()].map((members) => groupBlock(members, size, width))
  const lines: { blocks: GroupBlock[]; width: number }[] = []
  for (const block of groups) {
    const line = lines.at(-1)
    if (line !== undefined && line.width + GROUP_GAP + block.width <= width) {
      line.blocks.push(block)
      line.width += GROUP_GAP + block.width
    } else lines.push({ blocks: [block], width: block.width })
  }
  return lines.map(({ blocks }) => lineOf(blocks))
}

function groupKey({ isNew, instanceType, capacityType, priceUsdPerHour }: NodeBar): string {
  return [isNew, instanceType, capacityType, priceUsdPerHour].join('|')
}

interface GroupBlock {
  /** The group, moved to where it stands. */
  readonly at: (x: number) => string
  readonly width: number
  readonly height: number
}

function lineOf(blocks: readonly GroupBlock[]): Block {
  let x = 0
  const placed = blocks.map((block) => {
    const markup = block.at(x)
    x += block.width + GROUP_GAP
    return markup
  })
  return { markup: placed.join(''), height: Math.max(0, ...blocks.map(({ height }) => height)) + 12 }
}

const LEAST_SCALE = 0.3
const LEAST_CAPTION_SCALE = 0.8
const TITLE_LETTER_WIDTH = 7.2

function groupBlock(members: readonly NodeBar[], size: BarSize, width: number): GroupBlock {
  const [sample] = members
  const title = sample === undefined ? '' : groupTitle(sample, members.length)
  const scale = Math.max(LEAST_SCALE, Math.sqrt((sample?.cpuMillis ?? 0) / size.mostCpuMillis))
  // Captions need their room, however small the node is.
  const barWidth = size.width * (size.hasCaptions ? Math.max(scale, LEAST_CAPTION_SCALE) : scale)
  const columns = Math.max(1, Math.min(members.length, Math.floor((width + size.gap) / (barWidth + size.gap))))
  const rowHeight = size.height + (size.hasCaptions ? CAPTION_HEIGHT : 0) + size.gap / 2
  return {
    at: (x) =>
      textAt(x, 11, 'group', title) +
      members
        .map((bar, index) => {
          const box = {
            x: x + (index % columns) * (barWidth + size.gap),
            y: GROUP_TITLE_HEIGHT + Math.floor(index / columns) * rowHeight,
            width: barWidth,
            height: size.height,
          }
          return barWithCaption(bar, box, size)
        })
        .join(''),
    width: Math.max(title.length * TITLE_LETTER_WIDTH, columns * (barWidth + size.gap) - size.gap),
    height: GROUP_TITLE_HEIGHT + Math.ceil(members.length / columns) * rowHeight,
  }
}

function barWithCaption(bar: NodeBar, box: Parameters<typeof nodeBar>[1], { hasCaptions }: BarSize): string {
  if (!hasCaptions) return nodeBar(bar, box)
  return caption(bar, { ...box, y: box.y + 10 }) + nodeBar(bar, { ...box, y: box.y + CAPTION_HEIGHT })
}

function groupTitle({ isNew, instanceType, capacityType, priceUsdPerHour }: NodeBar, count: number): string {
  return [
    `${instanceType} × ${count}`,
    ...(capacityType === '' ? [] : [capacityType]),
    ...(priceUsdPerHour === undefined ? [] : [`$${priceUsdPerHour.toFixed(4)}/h`]),
    ...(isNew ? ['new'] : []),
  ].join(' · ')
}
