import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAnsweringAws } from '../../test/support/answering-aws.ts'
import type { ImageSummary } from './ecr-images.ts'

const live = new AbortController().signal
const MINUTE = 60
/** Seconds since 1970, as the JSON protocol has times. */
const NOON = 1_767_268_800

function image(name: string, minutes: number, more: object = {}): object {
  return { imageDigest: `sha256:${name}`, imageTags: [name], imagePushedAt: NOON + minutes * MINUTE, ...more }
}

async function read(...pages: readonly (readonly object[])[]): Promise<ImageSummary> {
  const { run, sent } = createAnsweringAws({
    DescribeImages: ({ nextToken }) => {
      const index = Number(nextToken ?? 0)
      const isLast = index === pages.length - 1
      return { imageDetails: pages[index], ...(isLast ? {} : { nextToken: String(index + 1) }) }
    },
  })
  const summary = await run(({ ecr }) => ecr.images('demo/hello', live))
  assert.equal(sent.length, pages.length)
  return summary
}

test('a repository without images has neither a latest one nor a scan', async () => {
  assert.deepEqual(await read([]), { count: 0, latest: undefined, latestScan: undefined })
})

test('images of all pages are counted, and the latest is found in any order', async () => {
  const { count, latest } = await read([image('b', 5), image('c', 9)], [image('a', 1)])

  assert.equal(count, 3)
  assert.deepEqual(latest, { imageDigest: 'sha256:c', imageTags: ['c'], imagePushedAt: '2026-01-01T12:09:00.000Z' })
})

for (const { fact, images, latest } of [
  {
    fact: 'has tags where any image has, for those without are what was pushed over',
    images: [image('tagged', 1), image('untagged', 2, { imageTags: undefined })],
    latest: 'sha256:tagged',
  },
  {
    fact: 'has none where no image has',
    images: [image('old', 1, { imageTags: undefined }), image('new', 2, { imageTags: undefined })],
    latest: 'sha256:new',
  },
  {
    fact: 'is no signature of another image',
    images: [image('app', 1), image('signature', 2, { subjectManifestDigest: 'sha256:app' })],
    latest: 'sha256:app',
  },
]) {
  test(`the latest image ${fact}`, async () => {
    for (const order of [images, images.toReversed()]) assert.equal((await read(order)).latest?.imageDigest, latest)
  })
}

test('the latest scan is that of the image pushed last that was ever scanned, with or without tags', async () => {
  const findings = { imageScanCompletedAt: NOON + MINUTE, findingSeverityCounts: { CRITICAL: 2, LOW: 7 } }
  const scanned = { imageScanStatus: { status: 'COMPLETE' }, imageScanFindingsSummary: findings, imageTags: undefined }

  const { latestScan } = await read([
    image('index', 9),
    image('amd64', 3, scanned),
    image('old', 1, { imageScanStatus: { status: 'FAILED' } }),
  ])

  assert.deepEqual(latestScan, {
    imageDigest: 'sha256:amd64',
    imageTags: [],
    imagePushedAt: '2026-01-01T12:03:00.000Z',
    status: 'COMPLETE',
    completedAt: '2026-01-01T12:01:00.000Z',
    findingSeverityCounts: { CRITICAL: 2, LOW: 7 },
  })
})

test('a scan that goes on has no findings yet', async () => {
  const { latestScan } = await read([image('a', 1, { imageScanStatus: { status: 'IN_PROGRESS' } })])

  assert.deepEqual(
    [latestScan?.status, latestScan?.completedAt, latestScan?.findingSeverityCounts],
    ['IN_PROGRESS', undefined, {}],
  )
})
