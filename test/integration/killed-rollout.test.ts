import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { exampleAt, isReady, leftovers, startJourney } from '../support/journey.ts'
import { killAtEach } from '../support/killing.ts'

// Each step goes on where the one before it left.
const journey = await startJourney(import.meta.url)
const { kubectl, applyText, read, eventually, simulator, operator } = journey
const example = exampleAt('new-version')
const manifest = await readFile(exampleAt('new-version/service.yaml'), 'utf8')

async function release(version: string): Promise<void> {
  await applyText(manifest.replace('hello:v1', `hello:${version}`))
}

async function readyAt(version: string): Promise<void> {
  await eventually(`${version} Ready`, async () => {
    const object = await read('ecsservices', 'web')
    return isReady(object) && JSON.stringify(object?.spec).includes(`"nginxdemos/hello:${version}"`)
  })
}

/** Images of the revisions that ECS could still run; twice the same is a duplicate. */
async function activeImages(): Promise<readonly string[]> {
  const revisions = Object.values((await simulator.ecs()).taskDefinitions).filter(({ status }) => status === 'ACTIVE')
  return revisions.flatMap(({ content }) => content.containerDefinitions.map(({ image = '' }) => image)).toSorted()
}

test('killed at each call of a rollout, the operator registers one revision and rolls it out', async () => {
  await kubectl('apply', '--filename', example)
  await readyAt('v1')

  const kills = [
    ['RegisterTaskDefinition', 'unmade'],
    ['UpdateService', 'unanswered'],
  ] as const
  await killAtEach(kills, journey, () => release('v2'))
  await readyAt('v2')

  assert.deepEqual(await activeImages(), ['nginxdemos/hello:v1', 'nginxdemos/hello:v2'])
})

const LONGEST_LIFE_MILLISECONDS = 1500

test('killed at any moment of one edit after another, it ends at the last', async () => {
  const versions = ['v3', 'v4', 'v5', 'v6']
  const random = createRandom(versions.length)
  for (const version of versions) {
    await release(version)
    await setTimeout(random() * LONGEST_LIFE_MILLISECONDS)
    await operator.kill()
    await operator.start()
  }
  await readyAt('v6')

  const images = await activeImages()
  assert.deepEqual(images, [...new Set(images)])
  const { 'ecs clusters': clusters, 'ecs services': services, 'ecs tasks': tasks } = await leftovers(simulator)
  assert.deepEqual({ clusters, services, tasks }, { clusters: 1, services: 1, tasks: 4 })
})

test('killed in the middle of a tear-down, it leaves nothing', async () => {
  await kubectl('delete', '--filename', example, '--wait=false')
  await operator.kill()
  await operator.start()
  await eventually('no object', async () => (await kubectl('get', 'longshore', '--output=name')) === '')

  assert.deepEqual(await leftovers(simulator), {})
})

/** Numbers in [0, 1) that are the same in every run (a linear congruential generator, constants of Numerical Recipes). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
