/** What an operator exported at one time. */
export interface Scrape {
  /** Values by series, as the text format writes it (`name{label="value"}`). */
  readonly samples: ReadonlyMap<string, number>
  /** Names of what only rises: counters and the parts of histograms. */
  readonly rising: ReadonlySet<string>
}

/** Prometheus's view of an hour: the values of each series minute by minute, in the notation of promtool. */
export type Recording = ReadonlyMap<string, string>

/** Labels that the chart's monitors give every series, and one that tells pods apart. */
const TARGET = 'job="longshore",namespace="longshore",pod="longshore-a"'
const MINUTES = 180

/** Reads the text format of Prometheus. */
export function parseScrape(text: string): Scrape {
  const lines = text.split('\n').filter((line) => line !== '')
  const samples = lines.filter((line) => !line.startsWith('#'))
  const types = lines.flatMap((line) => (line.startsWith('# TYPE ') ? [line.split(' ').slice(2)] : []))
  return { samples: new Map(samples.map(sampleFrom)), rising: new Set(types.flatMap(risingFrom)) }
}

function sampleFrom(line: string): readonly [series: string, value: number] {
  const gap = line.lastIndexOf(' ')
  const value = line.slice(gap + 1)
  return [line.slice(0, gap), value === '+Inf' ? Infinity : Number(value)]
}

function risingFrom([name = '', type]: readonly string[]): readonly string[] {
  if (type === 'counter') return [name]
  return type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : []
}

/**
 * Goes on as things went from `before` to `after`: what only rises rises by as much every minute, everything else stays.
 * `at` may say otherwise for a series: a value or, as text, promtool's notation for all minutes.
 */
export function record(before: Scrape, after: Scrape, at: Readonly<Record<string, number | string>> = {}): Recording {
  const unknown = Object.keys(at).filter((series) => !isKindOf(series, after))
  if (unknown.length > 0) throw new Error(`no operator exports ${unknown.join(', ')}`)
  const recorded = [...after.samples].map(([series, value]) => [series, minutesOf(series, value, before)] as const)
  const changed = Object.entries(at).map(([series, value]) => {
    return [series, typeof value === 'number' ? `${value}x${MINUTES}` : value] as const
  })
  const labelled = [...new Map([...recorded, ...changed])].map(
    ([series, values]) => [withTarget(series), values] as const,
  )
  return new Map([[`up{${TARGET}}`, `1x${MINUTES}`], ...labelled])
}

/** The recording of a second pod beside that of the first. */
export function besides(recording: Recording, other: Recording): Recording {
  const renamed = [...other].map(([series, values]) => [series.replace('longshore-a', 'longshore-b'), values] as const)
  return new Map([...recording, ...renamed])
}

/** Whether some series of the scrape has the same name and the same labels, whatever their values. */
function isKindOf(series: string, scrape: Scrape): boolean {
  const shape = shapeOf(series)
  return [...scrape.samples.keys()].some((known) => shapeOf(known) === shape)
}

function shapeOf(series: string): string {
  return series.replaceAll(/="[^"]*"/g, '')
}

function minutesOf(series: string, value: number, { samples, rising }: Scrape): string {
  // The notation repeats nothing but numbers.
  if (!Number.isFinite(value)) return Array.from({ length: MINUTES }, () => (value > 0 ? 'Inf' : 'NaN')).join(' ')
  if (!rising.has(series.replace(/\{.*/, ''))) return `${value}x${MINUTES}`
  return `${value}+${value - (samples.get(series) ?? 0)}x${MINUTES}`
}

function withTarget(series: string): string {
  return series.endsWith('}') ? series.replace(/\}$/, `,${TARGET}}`) : `${series}{${TARGET}}`
}
