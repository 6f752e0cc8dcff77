import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ECRClient, CreateRepositoryCommand } from '@aws-sdk/client-ecr'
import { Wait, getContainerRuntimeClient } from 'testcontainers'
import { imagesUnderTest } from '../support/images.ts'
import { RestrictedContainer } from '../support/restricted-container.ts'

const images = await imagesUnderTest()
const { container: containers } = await getContainerRuntimeClient()
const container = await new RestrictedContainer(images.simulator, { memoryMib: 256 })
  .withExposedPorts(4566)
  .withCommand(['--port=4566', '--clock=manual'])
  .withWaitStrategy(Wait.forHttp('/_simulator/clock', 4566))
  .start()
after(() => container.stop())
const endpoint = `http://${container.getHost()}:${container.getMappedPort(4566)}`

test('the simulator in its image answers an AWS SDK', async (context) => {
  const credentials = { accessKeyId: 'AKIA111122223333DEMO', secretAccessKey: 'any' }
  const client = new ECRClient({ endpoint, region: 'eu-central-1', credentials })
  context.after(() => client.destroy())

  const { repository } = await client.send(new CreateRepositoryCommand({ repositoryName: 'demo' }))

  assert.equal(repository?.repositoryArn, 'arn:aws:ecr:eu-central-1:111122223333:repository/demo')
})

test('its control requests are answered, too', async () => {
  const answer = await fetch(new URL('/_simulator/clock/advance', endpoint), {
    method: 'POST',
    body: JSON.stringify({ seconds: 60 }),
  })

  assert.equal(answer.status, 200)
})

test('it stops when it is told to', async () => {
  await container.stop({ timeout: 10_000, remove: false })

  const stopped = containers.getById(container.getId())
  const { State } = await stopped.inspect()
  await stopped.remove()
  assert.equal(State.ExitCode, 0)
})
