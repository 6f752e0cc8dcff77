import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, stderr } from 'node:process'
import { after, afterEach, beforeEach, mock } from 'node:test'

/**
 * What a test file of set-up needs around it: an empty cache for each test, in which the environment `variable` (a folder
 * that the user may give) is not set; PATH and the rest as before afterwards. Answers what makes folders that go with the file.
 */
export function openTestRoom(variable) {
  const before = { ...env }
  const folders = []
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'longshore-setup-'))
    folders.push(folder)
    return folder
  }

  // Set-up tells there what it does; between the lines of a test run it would look like trouble.
  mock.method(stderr, 'write', () => true)
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))
  beforeEach(() => {
    env.XDG_CACHE_HOME = newFolder()
    delete env[variable]
  })
  afterEach(() => {
    for (const name of ['XDG_CACHE_HOME', variable, 'PATH']) {
      if (before[name] === undefined) delete env[name]
      else env[name] = before[name]
    }
  })
  return {
    newFolder,
    newFolderWith: (files) => filled(newFolder(), files),
    newGo: (script) => goFolder(newFolder(), script),
  }
}

/** Programs by their names, with what is in them. */
function filled(folder, files) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o755 })
  return folder
}

/**
 * A folder with a `go` that has a version. Asked for anything else it runs the lines of shell in `script`, with the path
 * that it is to write to as `$2`.
 */
function goFolder(folder, script) {
  const lines = ['#!/bin/sh', 'verb=$1', 'if [ "$verb" = version ]; then echo go version; exit; fi']
  const go = [...lines, 'while [ $# -gt 0 ] && [ "$1" != -o ]; do shift; done', script, ''].join('\n')
  return filled(folder, { go })
}
