import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { createTestAws } from '../../test/support/aws.ts'

test('says who calls', async () => {
  const aws = createTestAws()
  const client = new STSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA210987654321ABCD', secretAccessKey: 'x' },
    requestHandler: aws.requestHandler,
  })
  const answer = await client.send(new GetCallerIdentityCommand({}))

  assert.equal(answer.Account, '210987654321')
})
