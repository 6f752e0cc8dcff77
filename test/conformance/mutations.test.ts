import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ecrRepositoryKind } from '../../src/kinds/ecr-repository/index.ts'
import type { AnyKind } from '../../src/reconciler/kind.ts'
import { runCheck } from './check.ts'
import { checksFor, unusedActions } from './checks.ts'
import { kindDefects } from './defects/kind-defects.ts'
import { resourceDefects } from './defects/resource-defects.ts'
import { staleReadDefects } from './defects/stale-read-defects.ts'
import type { Defect } from './defects/wrap.ts'
import { resourcing } from './defects/wrap.ts'
import { subjectOf } from './subject.ts'

describe('the suite notices when', () => {
  for (const defect of [...resourceDefects, ...kindDefects, ...staleReadDefects]) {
    test(defect.fact, () => assertCaught(defect))
  }

  test('it declares a permission that it does not need', async () => {
    const kind = resourcing(ecrRepositoryKind, (resource) => {
      const [first = assert.fail()] = resource.permissions
      return { ...resource, permissions: [...resource.permissions, { ...first, action: 'ecr:BatchGetImage' }] }
    })

    assert.ok(unusedActions(kind, await actionsUsedBy(kind)).includes('ecr:BatchGetImage'))
  })
})

async function assertCaught({ kind: createDefective, caughtBy, says }: Defect): Promise<void> {
  const subject = subjectOf(createDefective())
  const check = checksFor(subject).find(({ name }) => name.startsWith(caughtBy)) ?? assert.fail(`no check ${caughtBy}`)

  await assert.rejects(runCheck(check, subject), (error: Error) => {
    assert.match(error.message, says)
    return true
  })
}

async function actionsUsedBy(kind: AnyKind): Promise<ReadonlySet<string>> {
  const subject = subjectOf(kind)
  const [first = assert.fail('there is no check')] = checksFor(subject)
  return (await runCheck(first, subject)).usedActions
}
