import { spawn } from 'node:child_process'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** One check that a program of its own makes: it passes by exit code 0. */
export interface Stage {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

export interface StageResult {
  readonly name: string
  readonly passed: boolean
  readonly output: string
  readonly seconds: number
}

/** A stage that runs a TypeScript or JavaScript program of the project with the Node that runs us. */
export function nodeStage(name: string, ...args: readonly string[]): Stage {
  return { name, command: execPath, args }
}

/** Runs the stages at the same time, tells each as it ends, and answers the first that failed, if one did. */
export async function runStages(
  stages: readonly Stage[],
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<StageResult | undefined> {
  const { promise: failed, resolve } = Promise.withResolvers<StageResult>()
  const stop = new AbortController()
  const runs = stages.map(async (stage) => {
    const result = await runStage(stage, AbortSignal.any([signal, stop.signal]))
    if (stop.signal.aborted) return
    tell(lineOf(result))
    if (!result.passed) resolve(result)
  })
  const first = await Promise.race([failed, Promise.all(runs).then(() => undefined)])
  stop.abort()
  return first
}

function lineOf({ name, passed, seconds }: StageResult): string {
  return `${passed ? '✔' : '✖'} ${name.padEnd(18)} ${seconds.toFixed(1)} s`
}

async function runStage({ name, command, args }: Stage, signal: AbortSignal): Promise<StageResult> {
  const startedAt = performance.now()
  const { passed, output } = await outcomeOf(command, args, signal)
  return { name, passed, output, seconds: (performance.now() - startedAt) / 1000 }
}

function outcomeOf(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ passed: boolean; output: string }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const child = spawn(command, args, { cwd: ROOT, signal, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', (error) => resolve({ passed: false, output: error.message }))
    child.on('close', (code) => resolve({ passed: code === 0, output: Buffer.concat(chunks).toString() }))
  })
}
