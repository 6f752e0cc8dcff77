import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toldChange } from './told-change.ts'

const principal = { type: 'Root', arn: undefined, userName: undefined, sessionName: undefined, invokedBy: undefined }
const event = {
  id: 'id-1',
  call: 'ecs:UpdateService',
  at: Date.UTC(2026, 0, 1),
  principal,
  userAgent: 'aws-cli/2.9.8',
  from: undefined,
  isConsoleSession: false,
  errorCode: undefined,
  parameters: {},
}
const told = { type: 'ecs-service', id: 'main/web' }
const now = { isOwn: false, now: Date.UTC(2026, 0, 1, 0, 1) }

test('what callers write cannot steer the terminal, nor fill it', () => {
  const sessionName = '\u001B[2Jalice\n\u009B'
  const userAgent = `evil\u0007/${'x'.repeat(500)}`

  const change = toldChange({ ...told, event: { ...event, userAgent, principal: { ...principal, sessionName } } }, now)

  assert.equal(change.sessionName, '?[2Jalice??')
  assert.equal(change.userAgent.length, 200)
  assert.match(change.tool, /^evil\?\/x+$/)
})

for (const { fact, named, name } of [
  { fact: 'its ARN', named: { arn: 'arn:aws:iam::1:user/a', userName: 'a' }, name: 'arn:aws:iam::1:user/a' },
  { fact: 'its name, where it has no ARN', named: { userName: 'a', invokedBy: 'b' }, name: 'a' },
  { fact: 'the service, where it has no name', named: { invokedBy: 'b' }, name: 'b' },
  { fact: 'its type, where there is nothing else', named: {}, name: 'Root' },
]) {
  test(`a principal is told by ${fact}`, () => {
    const change = toldChange({ ...told, event: { ...event, principal: { ...principal, ...named } } }, now)

    assert.equal(change.principal, name)
  })
}

test('another operator of ours is told with the object that it serves', () => {
  const userAgent = 'aws-sdk-js/3.1 longshore-object/EcsService/other/web'

  const { tool, agoSeconds } = toldChange({ ...told, event: { ...event, userAgent } }, now)

  assert.deepEqual([tool, agoSeconds], ['longshore, for EcsService other/web', 60])
})
