import type { Environment } from './config.ts'

/** What a verb may touch of its process. */
export interface Terminal {
  readonly environment: Environment
  /** Whether a person watches what is printed. */
  readonly isInteractive: boolean
  /** Whether a person watches what is noted. */
  readonly isErrorInteractive: boolean
  /** How wide what is printed may be; undefined: nobody knows. */
  readonly columns: number | undefined
  /** All of standard input. */
  readonly readInput: () => Promise<string>
  /** The same as it comes in. */
  readonly readInputBytes: () => AsyncIterable<Uint8Array>
  /** The folder with the generated CRDs, as it is shipped with the program. */
  readonly crds: URL
  /** The program's entry, with which threads of it begin. */
  readonly entry: URL
  readonly print: (text: string) => void
  /** On standard error, as it is. */
  readonly note: (text: string) => void
  readonly complain: (sentence: string) => void
}

/** Runs a verb until it is done or the signal fires; answers the exit code: 0, 1 after an error it complained about, or what the verb's help says. */
export type Run = (args: readonly string[], terminal: Terminal, signal: AbortSignal) => Promise<number>

export interface Command {
  readonly summary: string
  /** What `help VERB` shows below the summary. */
  readonly details: () => Promise<string>
  /** Loads the verb's code only when it is asked for: `version` must not wait for the AWS SDK. */
  readonly load: () => Promise<{ readonly run: Run }>
}
