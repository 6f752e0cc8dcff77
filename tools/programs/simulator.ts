import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Supervision } from '../control-plane/supervision.ts'

const PROGRAM = fileURLToPath(new URL('../../src/simulator/main.ts', import.meta.url))
const URL_POLL_MILLISECONDS = 50
const URL_SECONDS = 20

interface SimulatorInput {
  readonly supervision: Supervision
  /** Of the supervision. */
  readonly folder: string
  /** As its `--clock` has it. */
  readonly clock: string
  /** How images behave, as its `--seed` has it. */
  readonly images: object
}

/** Starts the AWS simulator as the process that users run and answers its URL. */
export async function startSimulator(input: SimulatorInput, signal: AbortSignal): Promise<string> {
  const { supervision, folder, clock, images } = input
  const seedPath = join(folder, 'scenario.json')
  await writeFile(seedPath, JSON.stringify({ images }))
  const args = [PROGRAM, '--port', '0', '--clock', clock, '--seed', seedPath]
  supervision.start({ name: 'simulator', command: execPath, args })
  return urlFrom(join(folder, 'simulator.log'), signal)
}

/** The one line that the simulator prints names its URL. */
async function urlFrom(logPath: string, signal: AbortSignal): Promise<string> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(URL_SECONDS * 1000)])
  for (;;) {
    const log = await readFile(logPath, 'utf8').catch(() => '')
    const [url] = /http:\/\/\S+/.exec(log) ?? []
    if (url !== undefined) return url
    await setTimeout(URL_POLL_MILLISECONDS, undefined, { signal: deadline })
  }
}
