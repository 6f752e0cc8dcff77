import { stdout } from 'node:process'
import { styleText } from 'node:util'

/** Where a line of the demo's log comes from. */
export type Source = 'you' | 'object' | 'event' | 'ecs' | 'aws' | 'demo'

/** The log of the demo: one line for each thing that happened, with the seconds since the start. */
export interface Screen {
  readonly heading: (text: string) => void
  readonly line: (source: Source, text: string) => void
  readonly plain: (text: string) => void
}

const STYLES = {
  you: ['bold'],
  object: ['cyan'],
  event: ['yellow'],
  ecs: ['magenta'],
  aws: ['gray'],
  demo: ['green'],
} as const satisfies Record<Source, readonly Parameters<typeof styleText>[0][]>

export function createScreen(): Screen {
  const startedAt = performance.now()
  const write = (text: string): void => void stdout.write(`${text}\n`)
  // styleText leaves colours out when the stream is no terminal or NO_COLOR is set.
  return {
    heading: (text) => write(`\n${styleText('bold', `── ${text}`, { stream: stdout })}`),
    line: (source, text) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      const tag = styleText([...STYLES[source]], source.padEnd(6), { stream: stdout })
      write(`${seconds.padStart(6)}  ${tag}  ${text}`)
    },
    plain: write,
  }
}
