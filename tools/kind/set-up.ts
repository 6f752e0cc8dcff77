import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const SET_UP = fileURLToPath(new URL('../setup.js', import.meta.url))

/** A folder that set-up makes if it is nowhere, which takes minutes: with kind itself, or with the parts of a node. */
export async function folderOf(what: 'kind' | 'kind-node'): Promise<string> {
  const child = spawn(execPath, [SET_UP, `--${what}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [folder, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  // It has said why on standard error.
  if (code !== 0) throw new Error(`node tools/setup.js --${what} failed`)
  return folder.trim()
}
