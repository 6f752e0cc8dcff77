import { stdout } from 'node:process'
import type { Figures } from './operator.ts'

export interface Result {
  readonly count: number
  readonly workers: number
  /** Status writes per second. */
  readonly bare: number
  readonly cold: Figures & { readonly seconds: number }
  readonly warm: Figures & { readonly seconds: number }
}

export function printReport(result: Result): void {
  const { count, workers, bare, cold, warm } = result
  const rows: readonly (readonly string[])[] = [
    ['', 'from nothing', 'second start, in sync'],
    ['all reconciled after', seconds(cold.seconds), seconds(warm.seconds)],
    ['objects per second', (count / cold.seconds).toFixed(0), (count / warm.seconds).toFixed(0)],
    ['writes of each object', (cold.objectWrites / count).toFixed(3), (warm.objectWrites / count).toFixed(3)],
    ['events written per object', (cold.eventWrites / count).toFixed(2), (warm.eventWrites / count).toFixed(2)],
    ['all writes per second ÷ bare', (writes(cold) / cold.seconds / bare).toFixed(2), '–'],
    ['AWS calls per object', (cold.awsCalls / count).toFixed(2), (warm.awsCalls / count).toFixed(2)],
    ['CPU per object', milliseconds(cold.cpuSeconds, count), milliseconds(warm.cpuSeconds, count)],
    ['peak RSS', `${cold.peakRssMib.toFixed(0)} MiB`, `${warm.peakRssMib.toFixed(0)} MiB`],
    ['event-loop delay p99', `${cold.eventLoopDelayP99Ms.toFixed(1)} ms`, `${warm.eventLoopDelayP99Ms.toFixed(1)} ms`],
  ]
  printRows(`${count} EcrRepository objects, ${workers} workers; bare status writes: ${bare.toFixed(0)}/s`, rows)
  stdout.write(`\n${JSON.stringify(result)}\n`)
}

/** A titled table: the first column on the left, figures on the right. */
export function printRows(title: string, rows: readonly (readonly string[])[]): void {
  const lines = rows.map(([first = '', ...rest]) => first.padEnd(34) + rest.map((cell) => cell.padStart(22)).join(''))
  stdout.write(`${title}\n\n${lines.join('\n')}\n\n`)
}

function writes({ objectWrites, eventWrites }: Figures): number {
  return objectWrites + eventWrites
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`
}

function milliseconds(cpuSeconds: number, count: number): string {
  return `${((cpuSeconds * 1000) / count).toFixed(2)} ms`
}
