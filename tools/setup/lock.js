import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { say } from './command.js'

const POLL_MILLISECONDS = 250

/** Runs `action` while no other process holds the lock file `path`; the lock of a dead process counts for nothing. */
export async function withLock(path, action) {
  mkdirSync(dirname(path), { recursive: true })
  let told = false
  while (!take(path)) {
    const owner = ownerOf(path)
    if (owner !== undefined && !isAlive(owner)) {
      rmSync(path, { force: true })
      continue
    }
    if (!told) say(`waiting for process ${owner}, which is at the same work (${path})`)
    told = true
    await setTimeout(POLL_MILLISECONDS)
  }
  try {
    return await action()
  } finally {
    rmSync(path, { force: true })
  }
}

/** A hard link appears with its content or not at all, so no one ever reads a lock without an owner. */
function take(path) {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function ownerOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, but belongs to another user.
    return error.code === 'EPERM'
  }
}
