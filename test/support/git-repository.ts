import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A Git repository on this machine, with one branch, `main`. */
export interface GitRepository {
  readonly url: string
  /** Copies a folder into it; committed with the next commit. */
  readonly copy: (folder: string, to: string) => Promise<void>
  readonly write: (path: string, text: string) => Promise<void>
  /** Changes a file; fails if nothing changes. */
  readonly edit: (path: string, change: (text: string) => string) => Promise<void>
  readonly remove: (path: string) => Promise<void>
  /** Commits everything and answers the commit's id. */
  readonly commit: (message: string) => Promise<string>
}

const IDENTITY = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']

export async function createGitRepository(): Promise<GitRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-git-'))
  after(() => rm(folder, { recursive: true }))
  const git = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run('git', ['-C', folder, ...IDENTITY, ...args])
    return stdout.trim()
  }
  await git('init', '--quiet', '--initial-branch=main')
  const write: GitRepository['write'] = async (path, text) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return {
    url: `file://${folder}`,
    copy: (from, to) => cp(from, join(folder, to), { recursive: true }),
    write,
    edit: async (path, change) => {
      const before = await readFile(join(folder, path), 'utf8')
      const changed = change(before)
      if (changed === before) throw new Error(`nothing changes in ${path}`)
      await write(path, changed)
    },
    remove: (path) => rm(join(folder, path), { recursive: true }),
    commit: async (message) => {
      await git('add', '--all')
      await git('commit', '--allow-empty', '--quiet', `--message=${message}`)
      return git('rev-parse', 'HEAD')
    },
  }
}
