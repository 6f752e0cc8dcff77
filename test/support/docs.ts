import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findAssets } from '../../tools/control-plane/assets.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

/** Commands that a page shows together. */
export interface Block {
  readonly line: number
  readonly commands: string
}

/** The text of a page, by its path from the root. */
export async function pageAt(path: string): Promise<string> {
  return readFile(join(ROOT, path), 'utf8')
}

/** What a page tells people to type, without what it says needs more than a cluster. */
export function blocksIn(page: string): readonly Block[] {
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)]
  return blocks
    .map(({ 1: commands = '', index }) => ({ line: page.slice(0, index).split('\n').length + 1, commands }))
    .filter(({ commands }) => !commands.startsWith('# Needs '))
}

/** A shell in the root of a clone, of somebody with a cluster, kubectl and a home of his own. */
export interface Shell {
  /** Fails, with what was said, when a command does. */
  readonly run: (commands: string) => Promise<void>
  readonly close: () => Promise<void>
}

interface ShellInput {
  readonly kubeconfigPath: string
  /** Folders of programs besides kubectl. */
  readonly programs?: readonly string[]
  readonly variables?: Readonly<Record<string, string>>
}

export async function openShell({ kubeconfigPath, programs = [], variables = {} }: ShellInput): Promise<Shell> {
  const home = await mkdtemp(join(tmpdir(), 'longshore-docs-'))
  const path = [...programs, dirname(findAssets().kubectl), env['PATH']].join(delimiter)
  const all = { PATH: path, KUBECONFIG: kubeconfigPath, HOME: home, ...variables }
  return {
    run: async (commands) => {
      await run('bash', ['--norc', '-euo', 'pipefail', '-c', commands], { cwd: ROOT, env: all })
    },
    close: () => rm(home, { recursive: true }),
  }
}
