import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAnsweringAws, answerError, type Answers } from '../../../test/support/answering-aws.ts'
import { foretellRepositoryStep } from './foretell.ts'
import type { RepositoryStep } from './state.ts'

const put: RepositoryStep = { type: 'put-lifecycle-policy', effect: 'change', summary: 'put', text: '{}' }

function foretold(step: RepositoryStep, answers: Answers) {
  const { run } = createAnsweringAws(answers)
  const place = { accountId: '123456789012', region: 'eu-central-1', partition: 'aws' }
  return run((aws) => foretellRepositoryStep(step, 'app', { ...place, aws }, new AbortController().signal))
}

function answering(count: number): Answers {
  const told = { lifecyclePolicyText: '{}', status: 'COMPLETE' }
  const previewResults = Array.from({ length: Math.min(count, 100) }, (_, index) => ({
    imageDigest: `sha256:${String(index).padStart(64, '0')}`,
    imageTags: index === 0 ? [] : [`v${index}`, `also-${index}`],
    imagePushedAt: Date.UTC(2026, 0, 1 + index) / 1000,
    action: { type: 'EXPIRE' },
    appliedRulePriority: 2,
  }))
  return {
    StartLifecyclePolicyPreview: () => told,
    GetLifecyclePolicyPreview: () => ({ ...told, previewResults, summary: { expiringImageTotalCount: count } }),
  }
}

for (const { count, summary, lines } of [
  { count: 0, summary: 'expires none of the images that are there now', lines: 0 },
  { count: 1, summary: 'expires 1 image that is there now, within a day', lines: 1 },
  { count: 10, summary: 'expires 10 images that are there now, within a day', lines: 10 },
  { count: 12, summary: 'expires 12 images that are there now, within a day', lines: 11 },
]) {
  test(`a lifecycle policy that takes ${count} images says so`, async () => {
    const told = await foretold(put, answering(count))

    assert.deepEqual([told?.summary, told?.details.length], [summary, lines])
  })
}

test('images are told by their tags, or by their digest, with the rule; those beyond ten as a number', async () => {
  const told = await foretold(put, answering(12))

  assert.deepEqual(told?.details.slice(0, 2), [
    'sha256:000000000000, pushed 2026-01-01 (rule 2)',
    'v1, also-1, pushed 2026-01-02 (rule 2)',
  ])
  assert.equal(told?.details.at(-1), '… and 2 more')
})

test('of a repository that is still to be made there is nothing to tell', async () => {
  const told = await foretold(put, { StartLifecyclePolicyPreview: () => answerError('RepositoryNotFoundException') })

  assert.equal(told, undefined)
})

test('what AWS does not tell is an error, for whoever asks to put into words', async () => {
  const answers = { StartLifecyclePolicyPreview: () => answerError('AccessDeniedException') }

  await assert.rejects(foretold(put, answers), { code: 'denied' })
})

test('other steps take nothing by themselves, so that AWS is not asked', async () => {
  assert.equal(await foretold({ type: 'delete-policy', effect: 'change', summary: 'delete' }, {}), undefined)
})
