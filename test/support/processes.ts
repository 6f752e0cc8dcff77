import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { superviseIn, type StartCommand, type Supervision } from '../../tools/control-plane/supervision.ts'

/** Processes that a test can send signals to; none outlives the test's own. */
export interface Processes extends AsyncDisposable {
  /** Theirs, removed at the end. */
  readonly folder: string
  readonly supervision: Supervision
  /** Resolves once the process runs. Every name counts once. */
  readonly start: (command: StartCommand) => Promise<RunningProcess>
}

export interface RunningProcess {
  readonly signal: (signal: NodeJS.Signals) => void
  /** The exit code, once it has ended; -1: a signal ended it. */
  readonly exitCode: () => number | undefined
  readonly ended: Promise<number>
  /** What it wrote so far. */
  readonly output: () => Promise<string>
}

const START_SECONDS = 60
const POLL_MILLISECONDS = 10

/** Opens a folder for processes; `name` stands in its path. */
export async function openProcesses(name: string): Promise<Processes> {
  const folder = await mkdtemp(join(tmpdir(), `longshore-${name}-`))
  const exits = new Map<string, PromiseWithResolvers<number>>()
  const codes = new Map<string, number>()
  const exitOf = (process: string): PromiseWithResolvers<number> => {
    const known = exits.get(process) ?? Promise.withResolvers<number>()
    exits.set(process, known)
    return known
  }
  const supervision = superviseIn(folder, (report) => {
    codes.set(report.name, report.code)
    exitOf(report.name).resolve(report.code)
  })
  return {
    folder,
    supervision,
    start: async (command) => {
      supervision.start(withProcessId(command))
      const processId = await readProcessId(join(folder, `${command.name}.pid`))
      return {
        signal: (signal) => send(processId, signal),
        exitCode: () => codes.get(command.name),
        ended: exitOf(command.name).promise,
        output: () => readText(join(folder, `${command.name}.log`)),
      }
    },
    [Symbol.asyncDispose]: supervision.stop,
  }
}

/** Signals are for the process itself, whose parent is the supervisor's. */
function withProcessId({ name, command, args, env }: StartCommand): StartCommand {
  const script = `echo $$ > ${name}.pid; exec "$@"`
  return { name, command: 'sh', args: ['-c', script, 'sh', command, ...args], ...(env && { env }) }
}

function send(processId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(processId, signal)
  } catch {
    // ESRCH: it was quicker.
  }
}

async function readProcessId(path: string): Promise<number> {
  const deadline = performance.now() + START_SECONDS * 1000
  while (performance.now() < deadline) {
    const text = await readText(path)
    if (text.endsWith('\n')) return Number(text)
    await setTimeout(POLL_MILLISECONDS)
  }
  throw new Error(`no process wrote ${path}`)
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
