import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { FaultRule } from '../../src/simulator/faults.ts'
import { exampleAt, isReady, leftovers, startJourney } from '../support/journey.ts'

// `kill -9` at the moments that matter: with an AWS call made whose answer nobody heard, and with one announced that was
// never made. Each step goes on where the one before it left.
const { kubectl, applyText, read, eventually, simulator, operator } = await startJourney(import.meta.url)
const example = exampleAt('first-service')

type Moment = 'unanswered' | 'unmade'

/** Stops the operator for good at its next call of `operation`, and lets it not get past it in any other way. */
function trapsFor(operation: string, moment: Moment, later: readonly string[]): readonly FaultRule[] {
  const trap = moment === 'unanswered' ? HELD : REFUSED
  return [{ id: 'trap', operation, ...trap }, ...later.map((name) => ({ operation: name, ...REFUSED }))]
}

const HELD = { count: 1, effect: { type: 'delay', seconds: 10_000_000 } } as const
const REFUSED = { effect: { type: 'unavailable' } } as const

/** Sets a trap for each operation in turn, kills the operator in it and starts it again; at last it runs free. */
async function killAtEach(operations: readonly (readonly [string, Moment])[], begin: () => Promise<unknown>) {
  for (const [index, [operation, moment]] of operations.entries()) {
    const later = operations.slice(index + 1).map(([name]) => name)
    await simulator.setFaults(trapsFor(operation, moment, later))
    await (index === 0 ? begin() : operator.start())
    await eventually(`a call of ${operation}`, async () => ((await simulator.faultsSeen())['trap'] ?? 0) > 0)
    await operator.kill()
  }
  await simulator.setFaults([])
  await operator.start()
}

async function readyAt(image: string): Promise<void> {
  await eventually(`${image} Ready`, async () => {
    const objects = await Promise.all([
      read('ecrrepositories', 'hello'),
      read('ecsclusters', 'demo-cluster'),
      read('ecsservices', 'hello'),
    ])
    return objects.every(isReady) && JSON.stringify(objects[2]?.spec).includes(`"${image}"`)
  })
}

async function release(version: string): Promise<void> {
  const manifest = await readFile(exampleAt('first-service/service.yaml'), 'utf8')
  await applyText(manifest.replace('hello:v1', `hello:${version}`))
}

/** Images of the revisions that ECS would still run; twice the same is a duplicate. */
async function activeImages(): Promise<readonly string[]> {
  const revisions = Object.values((await simulator.ecs()).taskDefinitions).filter(({ status }) => status === 'ACTIVE')
  return revisions.flatMap(({ content }) => content.containerDefinitions.map(({ image = '' }) => image)).toSorted()
}

const one = { 'ecs clusters': 1, 'ecs services': 1, 'ecs tasks': 1, 'ecr repositories': 1, 'logs logGroups': 1 }

test('killed at each call that makes something, it makes everything once', async () => {
  const calls = [
    ['CreateRepository', 'unanswered'],
    ['PutLifecyclePolicy', 'unmade'],
    ['CreateCluster', 'unanswered'],
    ['CreateLogGroup', 'unmade'],
    ['RegisterTaskDefinition', 'unanswered'],
    ['CreateService', 'unanswered'],
  ] as const
  await killAtEach(calls, () => kubectl('apply', '--filename', example))
  await readyAt('nginxdemos/hello:v1')

  assert.deepEqual(await leftovers(simulator), { ...one, 'ecs taskDefinitions': 1 })
})

test('killed at each call of a rollout, it registers one revision and rolls it out', async () => {
  const calls = [
    ['RegisterTaskDefinition', 'unmade'],
    ['UpdateService', 'unanswered'],
  ] as const
  await killAtEach(calls, () => release('v2'))
  await readyAt('nginxdemos/hello:v2')

  assert.deepEqual(await activeImages(), ['nginxdemos/hello:v1', 'nginxdemos/hello:v2'])
  assert.deepEqual(await leftovers(simulator), { ...one, 'ecs taskDefinitions': 2 })
})

const LONGEST_LIFE_MILLISECONDS = 1500

test('killed at any moment of one edit after another, it ends at the last', async () => {
  const versions = ['v3', 'v4', 'v5', 'v6']
  const random = createRandom(versions.length)
  for (const version of versions) {
    await release(version)
    await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_LIFE_MILLISECONDS))
    await operator.kill()
    await operator.start()
  }
  await readyAt('nginxdemos/hello:v6')

  const images = await activeImages()
  assert.deepEqual(images, [...new Set(images)])
  assert.deepEqual(await leftovers(simulator), { ...one, 'ecs taskDefinitions': images.length })
})

test('killed at each call that deletes something, it leaves nothing', async () => {
  const calls = [
    ['DeleteRepository', 'unanswered'],
    ['DeleteService', 'unanswered'],
    ['DeregisterTaskDefinition', 'unmade'],
    ['DeleteLogGroup', 'unmade'],
    ['DeleteCluster', 'unanswered'],
  ] as const
  await killAtEach(calls, () => kubectl('delete', '--filename', example, '--wait=false'))
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
