import { accessSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupError } from './command.js'

/**
 * Fills a folder beside its place and moves it there in one step: what stands in the cache is always whole.
 * `fill` answers whether it could; undefined if not.
 */
export async function install(folder, fill) {
  mkdirSync(dirname(folder), { recursive: true })
  const draft = mkdtempSync(`${folder}.`)
  try {
    if (!(await fill(draft))) return undefined
    renameSync(draft, folder)
    return folder
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** The folder that the variable names, taken as it is. Throws SetupError when a program is missing there. */
export function folderGiven(variable, folder, programs) {
  const missing = programs.filter((program) => !isExecutable(join(folder, program)))
  if (missing.length === 0) return folder
  throw new SetupError(`${variable} is ${folder}, which has no ${missing.join(', ')}: correct it or unset it.`)
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
