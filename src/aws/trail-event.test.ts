import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trailEventFrom, type Principal } from './trail-event.ts'

const nobody: Principal = {
  type: 'Unknown',
  arn: undefined,
  userName: undefined,
  sessionName: undefined,
  invokedBy: undefined,
}

function eventWith(record: object) {
  return trailEventFrom({ CloudTrailEvent: JSON.stringify(record) })
}

test('an event says which call it was, when, of whom, from where and with what', () => {
  const record = {
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/alice', userName: 'alice' },
    userAgent: 'aws-cli/2.9.8',
    sourceIPAddress: '203.0.113.7',
    requestParameters: { desiredCount: 5 },
  }

  const event = trailEventFrom({
    EventId: 'id-1',
    EventName: 'UpdateService',
    EventSource: 'ecs.amazonaws.com',
    EventTime: new Date(1000),
    Username: 'alice',
    CloudTrailEvent: JSON.stringify(record),
  })

  assert.deepEqual(event, {
    id: 'id-1',
    call: 'ecs:UpdateService',
    at: 1000,
    principal: { ...nobody, type: 'IAMUser', arn: record.userIdentity.arn, userName: 'alice' },
    userAgent: 'aws-cli/2.9.8',
    from: '203.0.113.7',
    isConsoleSession: false,
    errorCode: undefined,
    parameters: { desiredCount: 5 },
  })
})

// Identities as in "CloudTrail userIdentity element" of the AWS CloudTrail User Guide.
for (const { fact, userIdentity, principal } of [
  {
    fact: 'the root user has no name',
    userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root' },
    principal: { type: 'Root', arn: 'arn:aws:iam::111122223333:root' },
  },
  {
    fact: 'a role has a session',
    userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/team/Admin/alice@example.com' },
    principal: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/team/Admin/alice@example.com',
      sessionName: 'alice@example.com',
    },
  },
  {
    fact: 'a service that acts for somebody is told',
    userIdentity: { type: 'AWSService', invokedBy: 'ecs.application-autoscaling.amazonaws.com' },
    principal: { type: 'AWSService', invokedBy: 'ecs.application-autoscaling.amazonaws.com' },
  },
]) {
  test(`of principals ${fact}`, () => {
    assert.deepEqual(eventWith({ userIdentity }).principal, { ...nobody, ...principal })
  })
}

test('a refused call has its error, and a console session is known by its mark', () => {
  const { errorCode, isConsoleSession } = eventWith({ errorCode: 'AccessDenied', sessionCredentialFromConsole: 'true' })

  assert.deepEqual([errorCode, isConsoleSession], ['AccessDenied', true])
})

test('what stands beside a record that cannot be read is told without it', () => {
  const event = trailEventFrom({
    EventName: 'A',
    EventSource: 'ecs.amazonaws.com',
    Username: 'bob',
    CloudTrailEvent: '{',
  })

  assert.deepEqual(
    [event.call, event.principal, event.parameters],
    ['ecs:A', { ...nobody, userName: 'bob' }, undefined],
  )
})
