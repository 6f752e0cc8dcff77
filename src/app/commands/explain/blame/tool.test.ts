import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Principal } from '../../../../aws/trail-event.ts'
import { toolOf } from './tool.ts'

const principal: Principal = {
  type: 'AssumedRole',
  arn: 'arn:aws:sts::123456789012:assumed-role/Admin/alice',
  userName: undefined,
  sessionName: 'alice',
  invokedBy: undefined,
}

// User agents as in "CloudTrail record contents" (AWS CloudTrail User Guide) and as the tools present themselves.
for (const { userAgent, words } of [
  { userAgent: 'console.amazonaws.com', words: 'the console' },
  { userAgent: 'signin.amazonaws.com', words: 'the console' },
  { userAgent: 'aws-cli/1.3.23 Python/2.7.6 Linux/2.6.18-164.el5', words: 'AWS CLI 1.3.23' },
  { userAgent: 'Boto3/1.42.0 md/Botocore#1.42.0 ua/2.1', words: 'Boto3 1.42.0' },
  {
    userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.80.0',
    words: 'Terraform 1.9.8',
  },
  { userAgent: 'lambda.amazonaws.com', words: 'lambda.amazonaws.com' },
  { userAgent: 'aws-sdk-go-v2/1.32.6 ua/2.1 os/linux', words: 'aws-sdk-go-v2/1.32.6' },
  { userAgent: 'evil aws-cli/9.9.9', words: 'evil' },
  { userAgent: '', words: 'something that does not say its name' },
]) {
  test(`the user agent "${userAgent}" is ${words}`, () => {
    assert.deepEqual(toolOf({ userAgent, isConsoleSession: false, principal }), { type: 'other', words })
  })
}

test('a console session is the console, whatever the browser is called', () => {
  const tool = toolOf({ userAgent: 'Mozilla/5.0', isConsoleSession: true, principal })

  assert.deepEqual(tool, { type: 'other', words: 'the console' })
})

test('an AWS service that acts for somebody is told before everything else', () => {
  const invokedBy = 'ecs.application-autoscaling.amazonaws.com'
  const tool = toolOf({ userAgent: invokedBy, isConsoleSession: false, principal: { ...principal, invokedBy } })

  assert.deepEqual(tool, { type: 'other', words: invokedBy })
})

test('an operator of ours is known by the object that it serves', () => {
  const userAgent = 'aws-sdk-js/3.1169.0 os/linux lang/js longshore-object/EcsService/demo/hello'

  assert.deepEqual(toolOf({ userAgent, isConsoleSession: false, principal }), {
    type: 'longshore',
    kind: 'EcsService',
    namespace: 'demo',
    name: 'hello',
  })
})
