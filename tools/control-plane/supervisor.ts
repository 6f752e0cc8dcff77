/**
 * A process of its own that owns the processes of a control plane: whatever becomes of the one that asked for them
 * (Ctrl-C, a crash, kill -9), its end of our standard input closes, and then they are killed and their folder removed.
 *
 * Flow: argv: the folder. Standard input: one `StartCommand` a line. Standard output: one `ExitReport` a line.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { argv, exit, stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline'
import { type ExitReport, parseStartCommand } from './supervision.ts'

const running = new Set<ChildProcess>()
let isEnding = false

function start(folder: string, line: string): void {
  const { name, command, args, env } = parseStartCommand(line)
  const log = openSync(join(folder, `${name}.log`), 'a')
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', log, log] })
  running.add(child)
  child.on('error', () => ended(child, { name, code: -1 }))
  child.on('exit', (code) => ended(child, { name, code: code ?? -1 }))
}

function ended(child: ChildProcess, report: ExitReport): void {
  running.delete(child)
  if (!isEnding) stdout.write(`${JSON.stringify(report)}\n`)
}

/** The data is thrown away, so nothing is gained by asking the processes politely. */
async function endAll(folder: string): Promise<void> {
  if (isEnding) return
  isEnding = true
  const gone = [...running].map((child) => new Promise((resolve) => child.once('exit', resolve)))
  for (const child of running) child.kill('SIGKILL')
  await Promise.all(gone)
  await rm(folder, { recursive: true, force: true })
  exit(0)
}

function supervise(folder: string): void {
  const end = (): void => void endAll(folder)
  // Ctrl-C is for the one that asked for us: it may still need the API server to tidy up.
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  process.on('SIGTERM', end)
  // A reader that is gone must not end us before we have ended the others.
  stdout.on('error', () => {})
  createInterface({ input: stdin })
    .on('line', (line) => start(folder, line))
    .on('close', end)
}

const [, , folder] = argv
if (folder === undefined) throw new Error('usage: supervisor.ts FOLDER')
supervise(folder)
