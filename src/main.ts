import process from 'node:process'
import { text } from 'node:stream/consumers'
import { isMainThread } from 'node:worker_threads'
import { runCli } from './app/cli.ts'
import { heapFlags } from './app/heap-limit.ts'

const controller = new AbortController()

let hasFailed = false

/** The first reason asks to stop; a second one does not ask. */
function stop(reason: string): void {
  if (controller.signal.aborted) process.exit(1)
  controller.abort(new Error(reason))
}

/**
 * A rejection that nobody awaits is a bug in an unknown state: says so and lets the supervisor start afresh. What is under way
 * ends as after a signal, so that the lease goes to the next one at once.
 */
function fail(rejection: unknown): void {
  const error = rejection instanceof Error ? rejection.stack : String(rejection)
  process.stderr.write(`${JSON.stringify({ level: 'error', msg: 'unhandled rejection', error })}\n`)
  hasFailed = true
  stop('unhandled rejection')
}

function terminal() {
  return {
    environment: process.env,
    isInteractive: Boolean(process.stdout.isTTY),
    isErrorInteractive: Boolean(process.stderr.isTTY),
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    readInput: () => text(process.stdin),
    readInputBytes: () => process.stdin,
    // Sources and bundle alike stand in a folder beside it.
    crds: new URL('../crds/', import.meta.url),
    entry: new URL(import.meta.url),
    print: (output: string) => void process.stdout.write(output),
    note: (text: string) => void process.stderr.write(text),
    complain: (sentence: string) => void process.stderr.write(`error: ${sentence}\n`),
  }
}

async function runProgram(): Promise<void> {
  const { execPath, execArgv, argv, env } = process
  const limits = heapFlags({
    memoryLimitBytes: process.constrainedMemory(),
    flags: [...execArgv, env['NODE_OPTIONS'] ?? ''],
    isService: argv[2] === 'operator',
  })
  // V8 takes its limits at the start only: the process begins anew, with the same id and all that it was given.
  if (limits.length > 0) process.execve?.(execPath, [execPath, ...execArgv, ...limits, ...argv.slice(1)], env)

  process.on('SIGINT', (signal) => stop(`received ${signal}`))
  process.on('SIGTERM', (signal) => stop(`received ${signal}`))
  process.on('unhandledRejection', fail)

  const exitCode = await runCli(argv.slice(2), terminal(), controller.signal)
  process.exitCode = hasFailed ? 1 : exitCode
}

// A thread of the program begins with the same file: bundled, there is no other one.
if (isMainThread) await runProgram()
else await (await import('./app/worker.ts')).runWorker()
