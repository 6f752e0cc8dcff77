import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorsIn, exampleAt, leftovers, startJourney } from '../support/journey.ts'

const { kubectl, eventually, simulator, operator } = await startJourney(import.meta.url)
/** The examples whose every manifest is ours; the others want Argo CD, or are no manifests. */
const EXAMPLES = ['first-service', 'new-version', 'private-repository']
const everything = EXAMPLES.flatMap((folder) => ['--filename', exampleAt(folder)])

test('everything goes with one kubectl delete, in the middle of its rollouts', async () => {
  await kubectl('apply', ...everything)
  await eventually('tasks of both services on their way', async () => {
    const { clusters } = await simulator.ecs()
    const counts = Object.values(clusters).map(({ tasks }) => Object.keys(tasks).length)
    return counts.length === 2 && counts.every((count) => count > 0)
  })

  // Clusters first, for that is how their files are called: the operator knows what AWS accepts.
  await kubectl('delete', ...everything, '--timeout=60s')

  assert.deepEqual(await leftovers(simulator), {})
  assert.equal(await kubectl('get', 'longshore,configmaps,secrets', '--output=name'), '')
})

test('the operator had nothing to complain about', async () => {
  assert.deepEqual(errorsIn(await operator.log()), [])
})
