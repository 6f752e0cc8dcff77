import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findNodeImage } from './node-image.ts'

test('the image that kind was released with is taken where it can be pulled, by its digest', async () => {
  const asked: string[] = []
  const docker = async (...args: readonly string[]): Promise<string> => {
    asked.push(args.join(' '))
    return ''
  }

  const image = await findNodeImage(docker, assert.fail)

  assert.match(image, /^kindest\/node:v1\.\d+\.\d+@sha256:[0-9a-f]{64}$/)
  assert.equal(asked.at(-1), `pull --quiet ${image}`)
})
