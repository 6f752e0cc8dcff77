import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { endWithUs, type OperatorRun } from './operator.ts'
import { peakRssMibOf } from './usage.ts'

const SOURCES = fileURLToPath(new URL('controller-runtime', import.meta.url))
const PROGRAM = fileURLToPath(new URL('../../node_modules/.cache/controller-runtime-operator', import.meta.url))

export interface RivalOptions {
  readonly namespace: string
  readonly workers: number
  readonly objects: number
}

/** Builds the operator of controller-runtime with Go; answers where it is. */
export async function buildRival(): Promise<string> {
  await promisify(execFile)('go', ['build', '-C', SOURCES, '-o', PROGRAM, '.'])
  return PROGRAM
}

export function startRival(program: string, options: RivalOptions, kubeconfigPath: string): OperatorRun {
  const { namespace, workers, objects } = options
  const startedAt = performance.now()
  const args = [kubeconfigPath, namespace, String(workers), String(objects)]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  endWithUs(child)
  const exited = once(child, 'exit')
  const isThrough = Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited.then(complain)])
  // Not every scene waits for it.
  isThrough.catch(() => undefined)
  const pid = child.pid ?? 0
  return {
    pid,
    startedAt,
    untilLookedAt: async () => void (await isThrough),
    figures: async () => ({ peakRssMib: await peakRssMibOf(pid), awsCalls: 0 }),
    stop: async () => {
      child.kill()
      await exited
    },
  }
}

function complain(): never {
  throw new Error('the operator of controller-runtime ended')
}
