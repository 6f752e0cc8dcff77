import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualClock } from '../../clock.ts'
import type { Call } from '../../service.ts'
import { createRepository } from './repository.ts'
import type { EcrState } from './state.ts'
import { listTagsForResource } from './tags.ts'

const CALL: Call = {
  accountId: '111122223333',
  region: 'eu-central-1',
  partition: 'aws',
  requestId: 'request',
  accessKeyId: 'AKIA',
  userAgent: 'test',
  clock: createManualClock(),
  uuid: () => 'uuid',
  peer: () => assert.fail('no other service has a part in this'),
  calls: () => [],
  scenario: { images: {} },
}
const TAGS = [{ Key: 'team', Value: 'a' }]

function stateWithOne(): EcrState {
  const state: EcrState = { repositories: {} }
  createRepository({ repositoryName: 'one', tags: TAGS }, state, CALL)
  return state
}

const arnOf = (name: string, accountId = CALL.accountId): string =>
  `arn:aws:ecr:eu-central-1:${accountId}:repository/${name}`

test('tags of one repository are found without a look at the others, however many there are', () => {
  const state = stateWithOne()
  Object.defineProperty(state.repositories, 'other', {
    enumerable: true,
    get: () => assert.fail('other was looked at'),
  })

  assert.deepEqual(listTagsForResource({ resourceArn: arnOf('one') }, state, CALL), { tags: TAGS })
})

for (const { fact, resourceArn } of [
  { fact: 'another account’s ARN of the same name', resourceArn: arnOf('one', '444455556666') },
  { fact: 'a name that every object has as a member', resourceArn: arnOf('constructor') },
]) {
  test(`${fact} is not found`, () => {
    const list = () => listTagsForResource({ resourceArn }, stateWithOne(), CALL)

    assert.throws(list, { code: 'RepositoryNotFoundException' })
  })
}
