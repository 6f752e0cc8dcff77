import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAnsweringAws, type Answers } from '../../test/support/answering-aws.ts'

const live = new AbortController().signal
const TEXT = '{"rules":[]}'
const started = { lifecyclePolicyText: TEXT, status: 'IN_PROGRESS' }

/** Asks for a preview that is started, and told as these answers have it, one after the other. */
function preview(...told: readonly object[]) {
  let looks = 0
  const answers: Answers = {
    StartLifecyclePolicyPreview: () => started,
    GetLifecyclePolicyPreview: () => ({ ...started, ...told[Math.min(looks++, told.length - 1)] }),
  }
  const aws = createAnsweringAws(answers)
  const before = aws.clock.now()
  const seconds = (): number => Math.round((aws.clock.now() - before) / 1000)
  return { seconds, run: () => aws.run(({ ecrPreviews }) => ecrPreviews.lifecyclePolicy('app', TEXT, live)) }
}

test('a preview is waited for, and tells the oldest images first', async () => {
  const image = (tag: string, day: number) => ({
    imageDigest: `sha256:${tag}`,
    imageTags: [tag],
    imagePushedAt: Date.UTC(2026, 0, day) / 1000,
    action: { type: 'EXPIRE' },
    appliedRulePriority: 7,
  })
  const archived = { ...image('v0', 3), action: { type: 'TRANSITION' } }
  const { run, seconds } = preview(
    {},
    {},
    {
      status: 'COMPLETE',
      previewResults: [image('v2', 2), archived, image('v1', 1)],
      summary: { expiringImageTotalCount: 250 },
    },
  )

  const { expiringCount, images } = await run()

  assert.equal(expiringCount, 250)
  assert.deepEqual(images[0], {
    digest: 'sha256:v1',
    tags: ['v1'],
    pushedAt: '2026-01-01T00:00:00.000Z',
    rulePriority: 7,
  })
  assert.deepEqual(
    images.map(({ tags }) => tags[0]),
    ['v1', 'v2'],
  )
  assert.equal(seconds(), 3)
})

for (const { fact, told, code } of [
  { fact: 'that failed', told: { status: 'FAILED' }, code: 'unexpected' },
  {
    fact: 'of another policy, which somebody else began',
    told: { status: 'COMPLETE', lifecyclePolicyText: '{}' },
    code: 'conflict',
  },
  { fact: 'that takes longer than a minute', told: {}, code: 'timeout' },
]) {
  test(`a preview ${fact} is none`, async () => {
    await assert.rejects(preview(told).run(), { code, operation: 'ecr:GetLifecyclePolicyPreview' })
  })
}
