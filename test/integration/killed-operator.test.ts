import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleAt, leftovers, startJourney } from '../support/journey.ts'
import { killAtEach } from '../support/killing.ts'

const journey = await startJourney(import.meta.url)
const { kubectl, eventually, simulator } = journey
const example = exampleAt('first-service')

test('killed at each call that makes something, the operator makes everything once', async () => {
  const kills = [
    ['CreateRepository', 'unanswered'],
    ['PutLifecyclePolicy', 'unmade'],
    ['CreateCluster', 'unanswered'],
    ['CreateLogGroup', 'unmade'],
    ['RegisterTaskDefinition', 'unanswered'],
    ['CreateService', 'unanswered'],
  ] as const
  await killAtEach(kills, journey, () => kubectl('apply', '--filename', example))
  const ready = ['wait', '--for=condition=Ready', '--timeout=60s'] as const
  await kubectl(...ready, 'ecrrepository/hello', 'ecscluster/demo-cluster', 'ecsservice/hello')

  assert.deepEqual(await leftovers(simulator), {
    'ecr repositories': 1,
    'ecs clusters': 1,
    'ecs services': 1,
    'ecs taskDefinitions': 1,
    'ecs tasks': 1,
    'logs logGroups': 1,
  })
})

test('killed at each call that deletes something, it leaves nothing', async () => {
  const kills = [
    ['DeleteRepository', 'unanswered'],
    ['DeleteService', 'unanswered'],
    ['DeregisterTaskDefinition', 'unmade'],
    ['DeleteLogGroup', 'unmade'],
    ['DeleteCluster', 'unanswered'],
  ] as const
  await killAtEach(kills, journey, () => kubectl('delete', '--filename', example, '--wait=false'))
  await eventually('no object', async () => (await kubectl('get', 'longshore', '--output=name')) === '')

  assert.deepEqual(await leftovers(simulator), {})
})
