import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { test } from 'node:test'
import { ensureGitopsTools } from './gitops-tools.js'
import { openTestRoom } from './test-room.js'

const { newFolder, newFolderWith, newGo } = openTestRoom('LONGSHORE_GITOPS_TOOLS')

test('a folder that lacks one of the tools is refused by its name', async () => {
  env.LONGSHORE_GITOPS_TOOLS = newFolderWith({ argocd: '' })

  await assert.rejects(ensureGitopsTools, /LONGSHORE_GITOPS_TOOLS is .* has no kstatus/)
})

test('Argo CD and kstatus are built with Go, and found again with the CRDs', async () => {
  env.PATH = newGo(`if [ "$verb" = list ]; then echo ${newModule()}; else : >"$2"; fi`)
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

/** The folder of Argo CD's module, with its resource definitions. */
function newModule() {
  const folder = newFolder()
  const crds = join(folder, 'manifests', 'crds')
  mkdirSync(crds, { recursive: true })
  for (const name of ['application-crd.yaml', 'kustomization.yaml']) writeFileSync(join(crds, name), '')
  return folder
}
