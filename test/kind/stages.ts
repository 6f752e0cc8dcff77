import { stdout } from 'node:process'

/** Where the time of a test file goes. */
export interface Stages {
  /** Counts what `act` takes, also when it fails, under the name. */
  readonly timed: <T>(name: string, act: () => Promise<T>) => Promise<T>
  readonly print: () => void
}

export function createStages(): Stages {
  const stages = new Map<string, number>()
  return {
    timed: async (name, act) => {
      const startedAt = performance.now()
      try {
        return await act()
      } finally {
        stages.set(name, (stages.get(name) ?? 0) + (performance.now() - startedAt) / 1000)
      }
    },
    print: () => {
      const rows = [...stages].map(([name, seconds]) => `  ${name.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s\n`)
      stdout.write(`where the time in the cluster went\n${rows.join('')}`)
    },
  }
}
