import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, stderr } from 'node:process'
import { after, afterEach, beforeEach, mock, test } from 'node:test'
import { ensureGitopsTools } from './gitops-tools.js'

const before = { ...env }
const folders = []

// Set-up tells there what it does; between the lines of a test run it would look like trouble.
mock.method(stderr, 'write', () => true)
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

beforeEach(() => {
  env.XDG_CACHE_HOME = newFolder()
  delete env.LONGSHORE_GITOPS_TOOLS
})

afterEach(() => {
  for (const name of ['XDG_CACHE_HOME', 'LONGSHORE_GITOPS_TOOLS', 'PATH']) {
    if (before[name] === undefined) delete env[name]
    else env[name] = before[name]
  }
})

test('a folder that lacks one of the tools is refused by its name', async () => {
  env.LONGSHORE_GITOPS_TOOLS = newFolder()
  writeFileSync(join(env.LONGSHORE_GITOPS_TOOLS, 'argocd'), '', { mode: 0o755 })

  await assert.rejects(ensureGitopsTools, /LONGSHORE_GITOPS_TOOLS is .* has no kstatus/)
})

test('Argo CD and kstatus are built with Go, and found again with the CRDs', async () => {
  env.PATH = goThatBuilds()
  const folder = await ensureGitopsTools()
  env.PATH = newFolder()

  assert.deepEqual(readdirSync(folder).sort(), ['argocd', 'crds', 'kstatus'])
  assert.deepEqual(readdirSync(join(folder, 'crds')), ['application-crd.yaml'])
  assert.equal(await ensureGitopsTools(), folder)
})

test('without Go one sentence says what to do', async () => {
  env.PATH = newFolder()

  await assert.rejects(ensureGitopsTools, /install Go .* or set LONGSHORE_GITOPS_TOOLS/)
})

/** A folder with a `go` that makes an empty file where the real one would put the program, and knows a module. */
function goThatBuilds() {
  const folder = newFolder()
  const crds = join(folder, 'manifests', 'crds')
  mkdirSync(crds, { recursive: true })
  writeFileSync(join(crds, 'application-crd.yaml'), '')
  writeFileSync(join(crds, 'kustomization.yaml'), '')
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo go version; exit; fi
if [ "$1" = list ]; then echo ${folder}; exit; fi
while [ "$1" != -o ]; do shift; done
: >"$2"
`
  writeFileSync(join(folder, 'go'), script)
  chmodSync(join(folder, 'go'), 0o755)
  return folder
}

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-setup-'))
  folders.push(folder)
  return folder
}
