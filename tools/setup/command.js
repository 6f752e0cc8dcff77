import { spawn, spawnSync } from 'node:child_process'

/** How often a long command reminds the reader that it still works. */
const REMINDER_MILLISECONDS = 30_000

/** A failure that a person can mend: `main` prints the sentence alone, without a stack. */
export class SetupError extends Error {}

/** One line about what set-up does, on standard error, so that standard output stays the program's own. */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`)
}

/** The first line that `command` prints, or undefined if it cannot be run. */
export function firstLineOf(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return status === 0 ? stdout.split('\n')[0] : undefined
}

/**
 * Runs a command that may take minutes; what it prints goes to standard error.
 * Throws SetupError with `onFailure` when it cannot be started or fails.
 */
export function run(command, args, { cwd, env, onFailure }) {
  const startedAt = Date.now()
  const reminder = setInterval(() => say(`  … ${secondsSince(startedAt)} s`), REMINDER_MILLISECONDS)
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 2, 2] })
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))))
  })
    .catch((cause) => {
      throw new SetupError(onFailure, { cause })
    })
    .finally(() => clearInterval(reminder))
}

export function secondsSince(startedAt) {
  return Math.round((Date.now() - startedAt) / 1000)
}
