import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A process to start in the supervisor's folder; its output goes to `<name>.log` there. */
export interface StartCommand {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** In addition to our own environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** A process ended without being asked to; `code` is -1 if it could not be started or a signal ended it. */
export interface ExitReport {
  readonly name: string
  readonly code: number
}

/** Processes that live exactly as long as this one, at most. */
export interface Supervision {
  readonly start: (command: StartCommand) => void
  /** Ends all of them and removes the folder. */
  readonly stop: () => Promise<void>
}

const SUPERVISOR = fileURLToPath(new URL('supervisor.ts', import.meta.url))

/** Starts a supervisor for `folder`, which it will remove; `onExit` hears of processes that end by themselves. */
export function superviseIn(folder: string, onExit: (report: ExitReport) => void): Supervision {
  // Detached: a group of its own, out of reach of the terminal's Ctrl-C.
  const supervisor = spawn(execPath, [SUPERVISOR, folder], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
  createInterface({ input: supervisor.stdout }).on('line', (line) => onExit(parseExitReport(line)))
  const ended = once(supervisor, 'exit').then(() => cleanUpAfter(supervisor.pid, folder))
  supervisor.stdin.on('error', () => {})
  // It must not keep us alive: when we have nothing left to do, it ends with us.
  supervisor.unref()
  unrefStream(supervisor.stdin)
  unrefStream(supervisor.stdout)
  return {
    start: (command) => void supervisor.stdin.write(`${JSON.stringify(command)}\n`),
    stop: async () => {
      supervisor.ref()
      supervisor.stdin.end()
      await ended
    },
  }
}

/** A supervisor that was itself killed leaves its group and its folder behind; normally both are gone by now. */
async function cleanUpAfter(groupId: number | undefined, folder: string): Promise<void> {
  try {
    if (groupId !== undefined) process.kill(-groupId, 'SIGKILL')
  } catch {
    // ESRCH: nobody is left.
  }
  await rm(folder, { recursive: true, force: true })
}

/** Pipes to a child are sockets; their static type does not say so. */
function unrefStream(stream: object): void {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
}

export function parseStartCommand(line: string): StartCommand {
  const command: StartCommand = JSON.parse(line)
  return command
}

function parseExitReport(line: string): ExitReport {
  const report: ExitReport = JSON.parse(line)
  return report
}
