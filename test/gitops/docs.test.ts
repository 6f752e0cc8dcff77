import { after, describe, test } from 'node:test'
import { startArgoCd } from '../support/argo-cd.ts'
import { blocksIn, openShell, pageAt } from '../support/docs.ts'
import { createGitRepository } from '../support/git-repository.ts'
import { exampleAt, startJourney } from '../support/journey.ts'

const PAGE = 'docs/gitops.md'

describe(`what is typed in ${PAGE} works`, async () => {
  const { kubeconfigPath } = await startJourney(import.meta.url, { cluster: 'own', watches: 'all' })
  await startArgoCd(kubeconfigPath)
  const repository = await createGitRepository()
  await repository.copy(exampleAt(''), 'examples')
  await repository.commit('the examples')
  const shell = await openShell({ kubeconfigPath, variables: { REPOSITORY: repository.url } })
  after(() => shell.close())

  for (const { line, commands } of blocksIn(await pageAt(PAGE))) {
    test(`${PAGE}:${line}`, () => shell.run(commands))
  }
})
